import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { answer, api } from '../../api/client'
import { releaseKinds, type Artist, type ReleaseKind, type ReleaseSummary } from '../../api/types'
import { useFieldProblem } from '../../i18n/problemText'
import { useLabel } from '../../i18n/useLabel'
import { useLocale } from '../../i18n/useLocale'
import { Button } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { Choice, Field } from '../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { lengthInWords } from '../../ui/time'
import { artistReleases } from '../artists/queries'
import { ArtistPictures } from './ArtistPictures'
import { ArtistTabs } from './ArtistTabs'
import { OwnArtist } from './OwnArtist'
import { Panel } from './Panel'

/** An artist's releases, drafts too, and the way to a new one. */
export function StudioArtistPage() {
  return <OwnArtist>{(artist) => <Discography artist={artist} />}</OwnArtist>
}

function Discography({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const releases = useInfiniteQuery(artistReleases(artist.id))
  const items = releases.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <title>{`${artist.name} · ${t('studio.title')} · Legato`}</title>
      <ArtistTabs artist={artist} />
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <section aria-label={t('artist.releases')}>
          {releases.isPending && <Loading><Block className="h-24 w-full rounded-2xl" /></Loading>}
          {releases.isError && !releases.data && <ProblemNotice problem={releases.error} onRetry={() => void releases.refetch()} />}
          {releases.data && items.length === 0 && <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-soft">{t('studio.noReleases')}</p>}
          <ul className="flex flex-col gap-3">{items.map((release) => <ReleaseLine key={release.id} release={release} />)}</ul>
          {releases.hasNextPage && <Button className="mt-4" busy={releases.isFetchingNextPage} onClick={() => void releases.fetchNextPage()}>{t('common.more')}</Button>}
        </section>
        {artist.role !== 'viewer' && (
          <div className="flex flex-col gap-6">
            <NewRelease artist={artist} />
            <ArtistPictures artist={artist} />
          </div>
        )}
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
        <Cover title={release.title} artist={release.artist.name} artwork={release.artwork} sizes="5rem" className="size-16 shrink-0 sm:size-20" />
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
