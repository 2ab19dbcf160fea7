import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import type { Release } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { useLocale } from '../../i18n/useLocale'
import { NotFound } from '../../NotFound'
import { buttonLook } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { coverColour } from '../../ui/cover'
import { Icon } from '../../ui/Icon'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { addressAt } from '../../ui/musicBrainz'
import { day, lengthInWords } from '../../ui/time'
import { useMe } from '../accounts/session'
import { SaveButton } from '../streaming/library/SaveButton'
import { PlayReleaseButton } from '../streaming/PlayReleaseButton'
import { releaseQuery } from './queries'
import { TrackList } from './TrackList'

export function ReleasePage() {
  const { id = '' } = useParams()
  const release = useQuery(releaseQuery(id))
  if (release.isPending) return <ReleaseLoading />
  if (release.error instanceof ApiProblem && release.error.status === 404) return <NotFound />
  if (release.isError) return <ProblemNotice problem={release.error} onRetry={() => void release.refetch()} />
  return <ReleaseView release={release.data} />
}

/** A release with its tracks. */
export function ReleaseView({ release }: { release: Release }) {
  const { t } = useTranslation()
  const elsewhere = pageAtMusicBrainz(release)
  const [search] = useSearchParams()
  const marked = search.get('track')
  useEffect(() => {
    if (marked) document.getElementById(`track-${marked}`)?.scrollIntoView({ block: 'center' })
  }, [marked])
  return (
    <>
      <title>{`${release.title} · ${release.artist.name} · Legato`}</title>
      <ReleaseHead release={release} />
      {release.tracks.length === 0 ? <EmptyState title={t('release.noTracks')} /> : <TrackList release={release} marked={marked} />}
      <p className="figures mt-6 text-sm text-soft">
        <ReleaseFacts release={release} />
        {elsewhere && <> · <a href={elsewhere} target="_blank" rel="noopener noreferrer" className="underline underline-offset-4">MusicBrainz</a></>}
      </p>
    </>
  )
}

/** This edition, else the release in all of its editions. */
function pageAtMusicBrainz({ release_mbid: edition, release_group_mbid: group }: Release): string | null {
  if (edition) return addressAt('release', edition)
  return group ? addressAt('release-group', group) : null
}

function ReleaseHead({ release }: { release: Release }) {
  const { t } = useTranslation()
  const label = useLabel()
  // What strangers may take along, the server alone knows.
  const me = useMe()
  return (
    <header className="relative mb-10 flex flex-col gap-6 pt-2 sm:flex-row sm:items-end sm:gap-10">
      <div aria-hidden="true" className="absolute -inset-x-4 -top-10 sm:-inset-x-8 -bottom-6 -z-10 mask-b-from-30% opacity-15" style={{ backgroundImage: `radial-gradient(56rem 24rem at 10% 0%, ${release.artwork?.colours[0] ?? coverColour(release.artist.name)}, transparent)` }} />
      <Cover title={release.title} artist={release.artist.name} artwork={release.artwork} sizes="(min-width: 40rem) 18rem, 24rem" className="w-full max-w-sm rounded-2xl shadow-high sm:w-60 lg:w-72" />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-semibold text-accent">
          {label('kinds', release.kind)}
          {release.state !== 'published' && ` · ${t(`release.${release.state}`)}`}
        </p>
        <h1 className="mt-2 text-4xl leading-tight break-words sm:text-5xl lg:text-6xl">{release.title}</h1>
        <p className="mt-2 text-lg">
          <Link to={`/artists/${release.artist.slug}`} className="font-semibold hover:underline hover:underline-offset-4">{release.artist.name}</Link>
        </p>
        <div className="mt-6 flex flex-wrap items-center gap-3">
          <PlayReleaseButton release={release} withLabel />
          <SaveButton release={release} />
          {release.downloadable && me.data && (
            <a href={`/api/v1/releases/${release.id}/download`} download className={`${buttonLook('quiet')} h-12 gap-2`}>
              <Icon name="download" /> {t('player.download')}
            </a>
          )}
          {release.mine && <Link to={`/studio/releases/${release.id}`} className={`${buttonLook('quiet')} h-12`}>{t('studio.edit')}</Link>}
        </div>
      </div>
    </header>
  )
}

function ReleaseFacts({ release }: { release: Release }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const facts = [
    t('release.tracks', { count: release.tracks.length }),
    lengthInWords(release.duration_ms, locale),
    release.published_at && t('release.publishedOn', { day: day(release.published_at, locale) }),
  ]
  return facts.filter(Boolean).join(' · ')
}

const rows = [0, 1, 2, 3, 4]

function ReleaseLoading() {
  return (
    <Loading>
      <div className="mb-10 flex flex-col gap-6 pt-2 sm:flex-row sm:items-end sm:gap-10">
        <Block className="aspect-square w-full max-w-sm rounded-2xl sm:w-60 lg:w-72" />
        <div className="flex-1">
          <Block className="h-12 w-80 max-w-full" />
          <Block className="mt-4 h-6 w-40" />
          <Block className="mt-6 h-12 w-32 rounded-full" />
        </div>
      </div>
      {rows.map((row) => <Block key={row} className="mb-2 h-12 w-full" />)}
    </Loading>
  )
}
