import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import type { Artist } from '../../api/types'
import { useLocale } from '../../i18n/useLocale'
import { NotFound } from '../../NotFound'
import { buttonLook } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { coverColour } from '../../ui/cover'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { About } from './About'
import { Banner } from './Banner'
import { FollowButton } from './FollowButton'
import { artistQuery, artistReleases } from './queries'
import { ReleaseCard } from './ReleaseCard'
import { ReleaseGrid } from './ReleaseGrid'

export function ArtistPage() {
  const { slug = '' } = useParams()
  const artist = useQuery(artistQuery(slug))
  const navigate = useNavigate()
  const today = artist.data?.slug
  // A former address leads here; the bar shows the one of today.
  useEffect(() => {
    if (today !== undefined && today !== slug) void navigate(`/artists/${today}`, { replace: true })
  }, [today, slug, navigate])
  if (artist.isPending) return <ArtistLoading />
  if (artist.error instanceof ApiProblem && artist.error.status === 404) return <NotFound />
  if (artist.isError) return <ProblemNotice problem={artist.error} onRetry={() => void artist.refetch()} />
  return <ArtistView artist={artist.data} />
}

function ArtistView({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const releases = useInfiniteQuery(artistReleases(artist.id))
  const followers = new Intl.NumberFormat(locale).format(artist.follower_count)
  return (
    <>
      <title>{`${artist.name} · Legato`}</title>
      {artist.banner && <Banner artwork={artist.banner} sizes="(min-width: 96rem) 88rem, 100vw" className="mb-4 rounded-3xl" />}
      <header className="relative mb-12 flex flex-col gap-6 pt-4 sm:flex-row sm:items-end sm:gap-10">
        <div aria-hidden="true" className="absolute -inset-x-4 -top-10 sm:-inset-x-8 -bottom-6 -z-10 mask-b-from-30% opacity-15" style={{ backgroundImage: `radial-gradient(50rem 22rem at 10% 0%, ${artist.avatar?.colours[0] ?? coverColour(artist.name)}, transparent)` }} />
        <Cover title={artist.name} artist={artist.name} artwork={artist.avatar} sizes="12rem" className="w-36 rounded-full shadow-high sm:w-48" />
        <div className="min-w-0">
          <h1 className="text-5xl leading-tight break-words sm:text-6xl">{artist.name}</h1>
          <div className="mt-5 flex flex-wrap items-center gap-x-5 gap-y-3">
            <FollowButton artist={artist} />
            {artist.mine && <Link to={`/studio/artists/${artist.slug}`} className={buttonLook('quiet')}>{t('studio.open')}</Link>}
            <p className="figures text-soft">{t('artist.followers', { count: artist.follower_count, shown: followers })}</p>
          </div>
        </div>
      </header>
      {artist.pinned_release && (
        <section aria-label={t('artist.pinned')} className="mb-12">
          <h2 className="mb-6 text-3xl">{t('artist.pinned')}</h2>
          <div className="max-w-64"><ReleaseCard release={artist.pinned_release} line="year" /></div>
        </section>
      )}
      <h2 className="mb-6 text-3xl">{t('artist.releases')}</h2>
      <ReleaseGrid query={releases} line="year" only={(release) => release.state === 'published'} empty={<EmptyState title={t('artist.noReleases')} />} />
      <About artist={artist} />
    </>
  )
}

function ArtistLoading() {
  return (
    <Loading>
      <div className="mb-12 flex flex-col gap-6 pt-4 sm:flex-row sm:items-end sm:gap-10">
        <Block className="size-36 rounded-full sm:size-48" />
        <div>
          <Block className="h-14 w-72 max-w-full" />
          <Block className="mt-5 h-10 w-40 rounded-full" />
        </div>
      </div>
    </Loading>
  )
}
