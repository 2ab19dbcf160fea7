import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import type { Release } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { useLiveState } from '../../live/live'
import { NotFound } from '../../NotFound'
import { buttonLook } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { releaseQuery } from '../artists/queries'
import { Back } from './Back'
import { DropZone } from './DropZone'
import { Publication } from './Publication'
import { ReleaseDetails } from './ReleaseDetails'
import { ReleaseState } from './StudioArtistPage'
import { TrackCard } from './TrackCard'
import { UploadList } from './UploadList'

/** One release at the workbench: its words, its tracks as they become playable, and its publication. */
export function StudioReleasePage() {
  const { id = '' } = useParams()
  const connected = useLiveState((state) => state.connected)
  const release = useQuery({
    ...releaseQuery(id),
    // Without the live channel we ask, while there is something to wait for; with it, how long those in the queue still wait.
    refetchInterval: ({ state }) => (state.data?.tracks.some((track) => track.under_way) ? (connected ? 15_000 : 3000) : false),
  })
  if (release.isPending) return <Loading><Block className="h-12 w-72" /><Block className="mt-8 h-64 w-full rounded-2xl" /></Loading>
  if (release.isError && !(release.error instanceof ApiProblem && release.error.status === 404)) return <ProblemNotice problem={release.error} onRetry={() => void release.refetch()} />
  if (release.isError || !release.data.mine) return <NotFound />
  return <Workbench release={release.data} />
}

function Workbench({ release }: { release: Release }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <>
      <title>{`${release.title} · ${t('studio.title')} · Legato`}</title>
      <Back to={`/studio/artists/${release.artist.slug}`}>{release.artist.name}</Back>
      <header className="mb-8 flex flex-wrap items-center gap-5">
        <Cover title={release.title} artist={release.artist.name} className="size-20 sm:size-24" />
        <div className="min-w-0 flex-1 basis-56">
          <h1 className="text-3xl leading-tight break-words sm:text-4xl">{release.title}</h1>
          <div className="mt-2 flex items-center gap-3 text-sm text-soft">
            <ReleaseState state={release.state} />
            {label('kinds', release.kind)}
          </div>
        </div>
        {release.state === 'published' && <Link to={`/releases/${release.id}`} className={buttonLook('quiet')}>{t('studio.publicPage')}</Link>}
      </header>
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <section aria-label={t('studio.tracks')} className="min-w-0">
          <ol className="mb-4 flex flex-col gap-3">
            {release.tracks.map((track, index) => <TrackCard key={track.id} track={track} index={index} count={release.tracks.length} />)}
          </ol>
          <UploadList releaseId={release.id} />
          <DropZone releaseId={release.id} large={release.tracks.length === 0} />
        </section>
        <div className="flex flex-col gap-6 lg:sticky lg:top-24">
          <Publication release={release} />
          <ReleaseDetails key={release.id} release={release} />
        </div>
      </div>
    </>
  )
}
