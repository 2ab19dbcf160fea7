import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { answer, api } from '../../api/client'
import type { PlaylistImport } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Field, Tick } from '../../ui/Field'
import { FileButton } from '../../ui/FileButton'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { RequireAccount } from '../accounts/RequireAccount'
import { PlaylistLine } from './PlaylistLine'
import { followedPlaylists, myPlaylists } from './queries'
import { firstRules } from './rules'

export default function PlaylistsPage() {
  return <RequireAccount><Playlists /></RequireAccount>
}

const places = [0, 1, 2, 3]
/** What other programs write. */
const lists = '.m3u,.m3u8,.pls,.xspf,.jspf,.json,.csv'

function Playlists() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const list = useInfiniteQuery(myPlaylists)
  const [report, setReport] = useState<PlaylistImport | null>(null)
  const importing = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData()
      form.append('file', file)
      const title = file.name.replace(/\.\w+$/, '').slice(0, 200).trim()
      return answer(api.POST('/api/v1/playlists/import', { params: { query: title ? { title } : {} }, body: form as never, bodySerializer: (body) => body as never }))
    },
    onSuccess: (made) => {
      setReport(made)
      return client.invalidateQueries({ queryKey: ['playlists'] })
    },
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="mx-auto max-w-3xl">
      <title>{`${t('playlists.title')} · Legato`}</title>
      <div className="mb-6 flex min-h-10 flex-wrap items-center justify-between gap-4">
        <h1 className="text-4xl">{t('playlists.title')}</h1>
        <FileButton label={t('playlists.import')} accept={lists} busy={importing.isPending} onFile={(file) => importing.mutate(file)} />
      </div>
      {importing.isError && <ProblemNotice problem={importing.error} className="mb-4" />}
      <NewPlaylist />
      {list.isPending && <Loading>{places.map((place) => <Block key={place} className="mb-3 h-16 w-full" />)}</Loading>}
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <EmptyState title={t('playlists.emptyTitle')}><p>{t('playlists.empty')}</p></EmptyState>}
      <ul className="rise">{items.map((playlist) => <PlaylistLine key={playlist.id} playlist={playlist} />)}</ul>
      {list.hasNextPage && <Button className="mt-6" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
      <Followed />
      {report && <Report report={report} onClose={() => setReport(null)} />}
    </div>
  )
}

/** What others put together, and one follows. */
function Followed() {
  const { t } = useTranslation()
  const list = useInfiniteQuery(followedPlaylists)
  // One that was hidden meanwhile is not shown.
  const items = list.data?.pages.flatMap((page) => page.items.flatMap((one) => (one.playlist ? [one.playlist] : []))) ?? []
  if (items.length === 0) return null
  return (
    <section className="mt-12">
      <h2 className="mb-3 text-2xl">{t('playlists.followedTitle')}</h2>
      <ul>{items.map((playlist) => <PlaylistLine key={playlist.id} playlist={playlist} />)}</ul>
      {list.hasNextPage && <Button className="mt-6" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </section>
  )
}

function NewPlaylist() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [smart, setSmart] = useState(false)
  const making = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/playlists', { body: smart ? { title, rules: firstRules } : { title } })),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['playlists'] })
      void navigate(`/playlists/${made.id}`)
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <form onSubmit={submit} className="mb-8">
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t('playlists.newTitle')} value={title} maxLength={200} required onChange={(event) => setTitle(event.target.value)} className="min-w-0 flex-1 basis-60" />
        <Button type="submit" look="primary" icon="plus" busy={making.isPending} className="h-11">{t('playlists.create')}</Button>
      </div>
      <Tick label={t('playlists.fillsItself')} hint={t('playlists.fillsItselfHint')} checked={smart} onChange={(event) => setSmart(event.target.checked)} className="mt-3" />
      {making.isError && <ProblemNotice problem={making.error} className="mt-3" />}
    </form>
  )
}

/** What of a file was found, and what was not. */
function Report({ report, onClose }: { report: PlaylistImport; onClose: () => void }) {
  const { t } = useTranslation()
  const missing = report.lines.filter((line) => line.track_id == null)
  return (
    <Dialog title={report.playlist.title} onClose={onClose}>
      <p>{t('playlists.found', { count: report.found })}</p>
      {missing.length > 0 && (
        <>
          <h3 className="mt-4 font-semibold">{t('playlists.notFound', { count: missing.length })}</h3>
          {/* What scrolls can be reached by the keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <ul tabIndex={0} aria-label={t('playlists.notFound', { count: missing.length })} className="mt-2 max-h-60 overflow-y-auto text-sm break-words text-soft">
            {/* The same may be missing twice. */}
            {/* oxlint-disable-next-line react/no-array-index-key */}
            {missing.slice(0, 200).map((line, at) => <li key={`${at}-${line.name}`}>{line.name}</li>)}
          </ul>
        </>
      )}
      <p className="mt-6"><Link to={`/playlists/${report.playlist.id}`} className="font-semibold text-accent underline underline-offset-4">{t('playlists.open')}</Link></p>
    </Dialog>
  )
}
