import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api, ifMatch, tagged } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import type { Artist } from '../../api/types'
import { useFieldProblem } from '../../i18n/problemText'
import { Button, IconButton } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Confirm } from '../../ui/Dialog'
import { Choice, Field, TextArea, Tick } from '../../ui/Field'
import { Note, ProblemNotice } from '../../ui/Notice'
import { artistQuery, artistReleases } from '../artists/queries'
import { ArtistTabs } from './ArtistTabs'
import { SaveBar } from './editing/SaveBar'
import { useEditor, type ClashingField } from './editing/useEditor'
import { Moving } from './moving/Moving'
import { MusicBrainz } from './MusicBrainz'
import { OwnArtist } from './OwnArtist'
import { Panel } from './Panel'
import { bodyOf, formOf, type ProfileForm } from './profile'

/** What an artist says of itself. */
export function ArtistProfilePage() {
  const { t } = useTranslation()
  return (
    <OwnArtist>
      {(artist) => (
        <>
          <title>{`${artist.name} · ${t('profile.title')} · Legato`}</title>
          <ArtistTabs artist={artist} />
          <div className="flex max-w-3xl flex-col gap-8">
            {artist.role === 'viewer' ? <Note>{t('profile.viewer')}</Note> : <Profile key={artist.id} artist={artist} />}
            {artist.role === 'owner' && <Moving artist={artist} />}
            {artist.role === 'owner' && <Deletion artist={artist} />}
          </div>
        </>
      )}
    </OwnArtist>
  )
}

const fields = ['name', 'slug', 'biography', 'places', 'genres', 'artist_mbid', 'pinned_release_id']

function Profile({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const releases = useInfiniteQuery(artistReleases(artist.id))
  const pins = pinsOf(releases.data?.pages.flatMap((page) => page.items) ?? [], artist)
  const where = { path: { id: artist.id } }
  const editor = useEditor(formOf(artist), {
    bodyOf,
    read: async () => {
      const { data, tag } = await tagged(api.GET('/api/v1/artists/{id}', { params: where }))
      return { form: formOf(data), tag }
    },
    write: async (changes, tag) => {
      const { data } = await tagged(api.PATCH('/api/v1/artists/{id}', { params: { ...where, header: ifMatch(tag) }, body: changes }))
      client.setQueryData(artistQuery(data.slug).queryKey, data)
      await Promise.all([client.invalidateQueries({ queryKey: ['artists', 'mine'] }), client.invalidateQueries({ queryKey: ['history', artist.id] })])
      if (data.slug !== artist.slug) await navigate(`/studio/artists/${data.slug}/profile`, { replace: true })
      return formOf(data)
    },
  })
  const { form, put, problem } = editor
  const problemOf = useFieldProblem(problem)
  const fill = (field: keyof ProfileForm) => (event: { target: { value: string } }) => put({ [field]: event.target.value })
  const at = problem instanceof ApiProblem ? problem.field : null
  const elsewhere = problem !== null && fields.every((field) => problemOf(field) === null) && !at?.startsWith('links')
  return (
    <Panel title={t('profile.title')} onSubmit={editor.save}>
      {elsewhere && <ProblemNotice problem={problem} />}
      <Field label={t('studio.artistName')} problem={problemOf('name')} required maxLength={200} autoComplete="off" value={form.name} onChange={fill('name')} />
      <Field label={t('profile.slug')} hint={t('profile.slugHint')} problem={problemOf('slug')} required maxLength={64} autoComplete="off" spellCheck={false} value={form.slug} onChange={fill('slug')} />
      <TextArea label={t('profile.biography')} hint={t('profile.biographyHint')} problem={problemOf('biography')} maxLength={10_000} rows={10} value={form.biography} onChange={fill('biography')} />
      <Field label={t('profile.places')} hint={t('profile.commas')} problem={problemOf('places')} autoComplete="off" value={form.places} onChange={fill('places')} />
      <Field label={t('profile.genres')} hint={t('profile.commas')} problem={problemOf('genres')} autoComplete="off" value={form.genres} onChange={fill('genres')} />
      <Field label={t('metadata.artist_mbid')} hint={<MusicBrainz kind="artist" id={artist.artist_mbid} />} problem={problemOf('artist_mbid')} maxLength={200} autoComplete="off" spellCheck={false} value={form.artist_mbid} onChange={fill('artist_mbid')} />
      <Links links={form.links} problem={problem} onChange={(links) => put({ links })} />
      <Choice label={t('profile.pinned')} hint={t('profile.pinnedHint')} value={form.pinned_release_id} onChange={fill('pinned_release_id')} options={[{ value: '', label: t('profile.noPin') }, ...pins]} />
      <Tick label={t('profile.feed')} hint={t('profile.feedHint')} checked={form.feed} onChange={(event) => put({ feed: event.target.checked })} />
      {artist.feed && <Feed slug={artist.slug} />}
      <SaveBar editor={{ ...editor, clash: editor.clash && { ...editor.clash, fields: editor.clash.fields.map((field) => named(field, pins)) } }} />
    </Panel>
  )
}

type Pin = { value: string; label: string }

/** The releases that can be shown first, by their titles; the one that is belongs to them wherever in the list it stands. */
function pinsOf(releases: readonly { id: string; title: string }[], { pinned_release: pinned }: Artist): Pin[] {
  const known = pinned == null || releases.some((release) => release.id === pinned.id) ? releases : [pinned, ...releases]
  return known.map((release) => ({ value: release.id, label: release.title }))
}

/** A release has a title, for who has to choose between two. */
function named(clash: ClashingField, pins: readonly Pin[]): ClashingField {
  if (clash.field !== 'pinned_release_id') return clash
  const titleOf = (id: unknown) => pins.find((pin) => pin.value === id)?.label ?? id
  return { ...clash, mine: titleOf(clash.mine), theirs: titleOf(clash.theirs) }
}

/** Where the feed is, for whoever takes it along to a podcast client. */
function Feed({ slug }: { slug: string }) {
  const address = new URL(`/api/v1/artists/${slug}/feed.rss`, window.location.origin).href
  return (
    <div className="flex flex-wrap items-center gap-3">
      <a href={address} className="min-w-0 flex-1 truncate text-sm underline underline-offset-4">{address}</a>
      <CopyButton text={address} />
    </div>
  )
}

type Link = ProfileForm['links'][number]

function Links({ links, problem, onChange }: { links: Link[]; problem: unknown; onChange: (links: Link[]) => void }) {
  const { t } = useTranslation()
  const problemOf = useFieldProblem(problem)
  const put = (index: number, change: Partial<Link>) => onChange(links.map((link, other) => (other === index ? { ...link, ...change } : link)))
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-1.5 text-sm font-semibold">{t('profile.links')}</legend>
      {problemOf('links') && <p className="text-sm text-alarm">{problemOf('links')}</p>}
      {links.map((link, index) => (
        // The lines have nothing of their own to be told apart by but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="grid grid-cols-1 items-start gap-3 sm:grid-cols-[10rem_minmax(0,1fr)_2.5rem]">
          <Field label={t('profile.linkLabel', { number: index + 1 })} problem={problemOf(`links[${index}].label`)} required maxLength={60} autoComplete="off" value={link.label} onChange={(event) => put(index, { label: event.target.value })} />
          <Field label={t('profile.linkUrl', { number: index + 1 })} problem={problemOf(`links[${index}].url`)} type="url" required maxLength={2000} placeholder="https://" autoComplete="off" value={link.url} onChange={(event) => put(index, { url: event.target.value })} />
          <IconButton label={t('profile.removeLink', { number: index + 1 })} icon="trash" className="sm:mt-7" onClick={() => onChange(links.filter((_, other) => other !== index))} />
        </div>
      ))}
      {links.length < 20 && <div><Button icon="plus" onClick={() => onChange([...links, { label: '', url: '' }])}>{t('profile.addLink')}</Button></div>}
    </fieldset>
  )
}

function Deletion({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const deleting = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/artists/{id}', { params: { path: { id: artist.id } } })),
    onSuccess: async () => {
      await navigate('/studio', { replace: true })
      client.removeQueries({ queryKey: ['artist'] })
      // This page may be there for a moment yet, and must not ask for what is gone.
      await Promise.all([client.invalidateQueries({ queryKey: ['artists', 'mine'] }), client.invalidateQueries({ queryKey: ['releases'], refetchType: 'none' })])
    },
  })
  return (
    <section aria-label={t('profile.delete')} className="rounded-2xl border border-line bg-surface p-6">
      <p className="mb-4 text-sm text-soft">{t('profile.deleteLead')}</p>
      <Button look="danger" icon="trash" onClick={() => setAsking(true)}>{t('profile.delete')}</Button>
      {asking && (
        <Confirm title={t('profile.deleteTitle')} action={t('common.delete')} busy={deleting.isPending} problem={deleting.error} onConfirm={() => deleting.mutate()} onClose={() => setAsking(false)}>
          {t('profile.deleteText', { name: artist.name })}
        </Confirm>
      )}
    </section>
  )
}
