import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api } from '../../api/client'
import type { Playlist } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Confirm, Dialog } from '../../ui/Dialog'
import { Choice, Field, TextArea } from '../../ui/Field'
import { ProblemNotice } from '../../ui/Notice'
import { CoverEditor } from './CoverEditor'
import { changed, playlistPeople } from './queries'

interface PlaylistSettingsProps {
  playlist: Playlist
  onClose: () => void
}

const formats = ['m3u8', 'xspf', 'jspf', 'pls', 'csv'] as const
const visibilities = ['public', 'unlisted', 'private'] as const

/** What a playlist is called, who sees it, who shares it; and its way to other programs. */
export function PlaylistSettings({ playlist, onClose }: PlaylistSettingsProps) {
  const { t } = useTranslation()
  const owned = playlist.role === 'owner'
  return (
    <Dialog title={t(owned ? 'playlists.settings' : 'playlists.export')} onClose={onClose}>
      <div className="grid gap-6">
        {owned && <Naming playlist={playlist} onClose={onClose} />}
        {owned && <CoverEditor playlist={playlist} />}
        {owned && <People playlist={playlist} />}
        <section aria-label={t('playlists.export')}>
          {owned && <h3 className="mb-2 font-semibold">{t('playlists.export')}</h3>}
          <ul className="flex flex-wrap gap-3 text-sm">
            {formats.map((format) => <li key={format}><a href={`/api/v1/playlists/${playlist.id}/export?format=${format}`} download className="font-semibold text-accent underline underline-offset-4">{format.toUpperCase()}</a></li>)}
          </ul>
        </section>
        {owned && <Deletion playlist={playlist} />}
      </div>
    </Dialog>
  )
}

function Naming({ playlist, onClose }: PlaylistSettingsProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [title, setTitle] = useState(playlist.title)
  const [description, setDescription] = useState(playlist.description)
  const [visibility, setVisibility] = useState(playlist.visibility)
  const saving = useMutation({
    mutationFn: () => answer(api.PATCH('/api/v1/playlists/{id}', { params: { path: { id: playlist.id } }, body: { title, description, visibility } })),
    onSuccess: async () => {
      await changed(client, playlist.id)
      onClose()
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label={t('playlists.name')} value={title} maxLength={200} required onChange={(event) => setTitle(event.target.value)} />
      <TextArea label={t('playlists.description')} value={description} maxLength={2000} rows={3} onChange={(event) => setDescription(event.target.value)} />
      <Choice label={t('playlists.visibility')} value={visibility} options={visibilities.map((value) => ({ value, label: t(`playlists.visibilities.${value}`) }))} onChange={(event) => setVisibility(event.target.value as Playlist['visibility'])} />
      {saving.isError && <ProblemNotice problem={saving.error} />}
      <Button type="submit" look="primary" busy={saving.isPending} className="justify-self-start">{t('common.save')}</Button>
    </form>
  )
}

function People({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const people = useQuery(playlistPeople(playlist.id))
  const [handle, setHandle] = useState('')
  const [role, setRole] = useState<'editor' | 'viewer'>('editor')
  const at = (account: string) => ({ params: { path: { id: playlist.id, account } } })
  const sharing = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/playlists/{id}/collaborators/{account}', { ...at(handle.trim()), body: { role } })),
    onSuccess: () => {
      setHandle('')
      return changed(client, playlist.id)
    },
  })
  const ending = useMutation({
    mutationFn: (account: string) => answer<unknown>(api.DELETE('/api/v1/playlists/{id}/collaborators/{account}', at(account))),
    onSuccess: () => changed(client, playlist.id),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    sharing.mutate()
  }
  return (
    <section aria-label={t('playlists.people')}>
      <h3 className="mb-2 font-semibold">{t('playlists.people')}</h3>
      <ul className="mb-3 text-sm">
        {people.data?.items.map((one) => (
          <li key={one.account.id} className="flex min-h-10 items-center gap-2">
            <span className="min-w-0 flex-1 truncate">{one.account.display_name} <span className="text-soft">@{one.account.handle} · {t(`playlists.roles.${one.role}`)}</span></span>
            {one.role !== 'owner' && <IconButton label={t('playlists.endSharing', { name: one.account.display_name })} icon="cross" onClick={() => ending.mutate(one.account.id)} />}
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field label={t('playlists.handle')} value={handle} required autoCapitalize="none" onChange={(event) => setHandle(event.target.value)} className="min-w-0 flex-1 basis-36" />
        <Choice label={t('playlists.role')} value={role} options={(['editor', 'viewer'] as const).map((value) => ({ value, label: t(`playlists.roles.${value}`) }))} onChange={(event) => setRole(event.target.value as typeof role)} />
        <Button type="submit" icon="plus" busy={sharing.isPending} className="h-11">{t('playlists.share')}</Button>
      </form>
      {(sharing.isError || ending.isError) && <ProblemNotice problem={sharing.error ?? ending.error} className="mt-3" />}
    </section>
  )
}

function Deletion({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const deleting = useMutation({
    mutationFn: () => answer<unknown>(api.DELETE('/api/v1/playlists/{id}', { params: { path: { id: playlist.id } } })),
    onSuccess: () => {
      void navigate('/playlists')
      void client.invalidateQueries({ queryKey: ['playlists'] })
    },
  })
  return (
    <>
      <Button look="danger" icon="trash" className="justify-self-start" onClick={() => setAsked(true)}>{t('playlists.delete')}</Button>
      {asked && (
        <Confirm title={t('playlists.deleteTitle', { title: playlist.title })} action={t('common.delete')} busy={deleting.isPending} problem={deleting.error} onConfirm={() => deleting.mutate()} onClose={() => setAsked(false)}>
          <p>{t('playlists.deleteText')}</p>
        </Confirm>
      )}
    </>
  )
}
