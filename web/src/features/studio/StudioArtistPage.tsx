import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { answer, api } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import { releaseKinds, type Artist, type ReleaseKind, type ReleaseSummary } from '../../api/types'
import { useFieldProblem } from '../../i18n/problemText'
import { useLabel } from '../../i18n/useLabel'
import { useLocale } from '../../i18n/useLocale'
import { NotFound } from '../../NotFound'
import { Button } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { Choice, Field } from '../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { lengthInWords } from '../../ui/time'
import { artistQuery, artistReleases } from '../artists/queries'
import { Back } from './Back'
import { Panel } from './Panel'

/** An artist's releases, drafts too, and the way to a new one. */
export function StudioArtistPage() {
  const { slug = '' } = useParams()
  const artist = useQuery(artistQuery(slug))
  if (artist.isPending) return <Loading><Block className="h-12 w-72" /></Loading>
  if (artist.isError && !(artist.error instanceof ApiProblem && artist.error.status === 404)) return <ProblemNotice problem={artist.error} onRetry={() => void artist.refetch()} />
  if (artist.isError || !artist.data.mine) return <NotFound />
  return <Discography artist={artist.data} />
}

function Discography({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const releases = useInfiniteQuery(artistReleases(artist.id))
  const items = releases.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <title>{`${artist.name} · ${t('studio.title')} · Legato`}</title>
      <Back to="/studio">{t('studio.title')}</Back>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-4">
        <h1 className="text-4xl break-words">{artist.name}</h1>
        <Link to={`/artists/${artist.slug}`} className="text-sm font-semibold text-accent underline underline-offset-4">{t('studio.publicPage')}</Link>
      </div>
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <section aria-label={t('artist.releases')}>
          {releases.isPending && <Loading><Block className="h-24 w-full rounded-2xl" /></Loading>}
          {releases.isError && !releases.data && <ProblemNotice problem={releases.error} onRetry={() => void releases.refetch()} />}
          {releases.data && items.length === 0 && <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-soft">{t('studio.noReleases')}</p>}
          <ul className="flex flex-col gap-3">{items.map((release) => <ReleaseLine key={release.id} release={release} />)}</ul>
          {releases.hasNextPage && <Button className="mt-4" busy={releases.isFetchingNextPage} onClick={() => void releases.fetchNextPage()}>{t('common.more')}</Button>}
        </section>
        <NewRelease artist={artist} />
      </div>
    </>
  )
}

function ReleaseLine({ release }: { release: ReleaseSummary }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const facts = [label('kinds', release.kind), t('release.tracks', { count: release.track_count }), release.duration_ms > 0 && lengthInWords(release.duration_ms, locale)]
  return (
    <li>
      <Link to={`/studio/releases/${release.id}`} className="flex items-center gap-4 rounded-2xl border border-line bg-surface p-3 transition-colors hover:border-edge sm:gap-5">
        <Cover title={release.title} artist={release.artist.name} className="size-16 shrink-0 sm:size-20" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-display text-xl sm:text-2xl">{release.title}</span>
          <span className="figures block truncate text-sm text-soft">{facts.filter(Boolean).join(' · ')}</span>
        </span>
        <ReleaseState state={release.state} />
      </Link>
    </li>
  )
}

export function ReleaseState({ state }: { state: ReleaseSummary['state'] }) {
  const { t } = useTranslation()
  return <span className={`shrink-0 rounded-full px-3 py-1 text-xs font-semibold ${state === 'published' ? 'bg-calm-tint text-calm' : 'bg-tint text-soft'}`}>{t(`release.${state}`)}</span>
}

function NewRelease({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [kind, setKind] = useState<ReleaseKind>('album')
  const creating = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/artists/{id}/releases', { params: { path: { id: artist.id } }, body: { title: title.trim(), kind } })),
    onSuccess: async (release) => {
      await client.invalidateQueries({ queryKey: ['releases', 'artist', artist.id] })
      await navigate(`/studio/releases/${release.id}`)
    },
  })
  const problemOf = useFieldProblem(creating.error)
  return (
    <Panel title={t('studio.newRelease')} onSubmit={() => creating.mutate()}>
      {creating.isError && problemOf('title') === null && <ProblemNotice problem={creating.error} />}
      <Field label={t('studio.releaseTitle')} problem={problemOf('title')} required maxLength={200} autoComplete="off" value={title} onChange={(event) => setTitle(event.target.value)} />
      <Choice label={t('studio.kind')} value={kind} onChange={(event) => setKind(event.target.value as ReleaseKind)} options={releaseKinds.map((value) => ({ value, label: label('kinds', value) }))} />
      <Button type="submit" look="primary" busy={creating.isPending}>{t('studio.createRelease')}</Button>
    </Panel>
  )
}
