import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { ReleaseSummary } from '../../api/types'
import { useLocale } from '../../i18n/useLocale'
import { buttonLook } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { coverColour } from '../../ui/cover'
import { EmptyState } from '../../ui/Notice'
import { lengthInWords } from '../../ui/time'
import { useMe } from '../accounts/session'
import { PlayReleaseButton } from '../streaming/PlayReleaseButton'
import { newestReleases } from './queries'
import { ReleaseGrid } from './ReleaseGrid'

export function HomePage() {
  const { t } = useTranslation()
  const releases = useInfiniteQuery(newestReleases)
  const me = useMe()
  const items = releases.data?.pages[0]?.items ?? []
  const newest = me.data ? items[0] : undefined
  return (
    <>
      <title>Legato</title>
      {me.data === null ? <Welcome /> : newest ? <Newest release={newest} /> : <h1 className="sr-only">Legato</h1>}
      <div className="mb-6 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 className="text-3xl">{t('home.newest')}</h2>
        <Link to="/browse" className="font-semibold text-accent hover:underline">{t('browse.title')}</Link>
      </div>
      <ReleaseGrid
        query={releases}
        only={(release) => release !== newest || items.length === 1}
        empty={
          <EmptyState title={t('home.emptyTitle')}>
            <p>{t('home.empty')}</p>
            <Link to="/studio" className={`${buttonLook('primary')} mt-6`}>{t('home.share')}</Link>
          </EmptyState>
        }
      />
    </>
  )
}

/** What this place is, for those who come the first time: one slur over five notes. */
function Welcome() {
  const { t } = useTranslation()
  return (
    <section className="relative mb-14 overflow-hidden rounded-3xl border border-line bg-surface px-6 py-12 sm:px-12 sm:py-16">
      <svg viewBox="0 0 520 230" aria-hidden="true" className="pointer-events-none absolute -right-16 bottom-0 hidden h-[88%] md:block lg:right-6" fill="none">
        <path pathLength="1" className="draw stroke-accent" strokeWidth="9" strokeLinecap="round" d="M44 122C130 6 390 6 476 122" />
        {notes.map(([x, y], index) => (
          <g key={x} className="rise" style={{ animationDelay: `${0.2 + index * 0.22}s` }}>
            <ellipse cx={x} cy={y} rx="17" ry="12.5" transform={`rotate(-20 ${x} ${y})`} className="fill-ink" />
            <path d={`M${x - 15.5} ${y + 4}v62`} className="stroke-ink" strokeWidth="4" strokeLinecap="round" />
          </g>
        ))}
      </svg>
      <div className="relative max-w-md">
        <h1 className="text-5xl leading-[1.04] sm:text-6xl">{t('home.claim')}</h1>
        <p className="mt-5 max-w-sm text-lg text-soft">{t('home.lead')}</p>
        <div className="mt-8 flex flex-wrap gap-3">
          <Link to="/sign-up" className={`${buttonLook('primary')} h-12 px-6`}>{t('home.start')}</Link>
          <Link to="/studio" className={`${buttonLook('quiet')} h-12 px-6`}>{t('home.share')}</Link>
        </div>
      </div>
    </section>
  )
}

const notes = [[44, 152], [152, 128], [260, 140], [368, 112], [476, 152]] as const

/** The newest release, large, for those at home here. */
function Newest({ release }: { release: ReleaseSummary }) {
  const { t } = useTranslation()
  const locale = useLocale()
  return (
    <section className="relative mb-14 overflow-hidden rounded-3xl border border-line bg-surface">
      <div aria-hidden="true" className="absolute inset-0 opacity-20" style={{ backgroundImage: `radial-gradient(60rem 26rem at 12% -20%, ${release.artwork?.colours[0] ?? coverColour(release.artist.name)}, transparent)` }} />
      <div className="relative flex flex-col gap-6 p-6 sm:flex-row sm:items-center sm:gap-10 sm:p-10">
        <Cover title={release.title} artist={release.artist.name} artwork={release.artwork} sizes="(min-width: 40rem) 14rem, 24rem" className="w-full max-w-sm rounded-2xl shadow-high sm:w-56" />
        <div className="min-w-0">
          <p className="text-sm font-semibold text-accent">{t('home.justOut')}</p>
          <h1 className="mt-2 text-4xl leading-tight break-words sm:text-5xl">
            <Link to={`/releases/${release.id}`} className="hover:underline hover:decoration-2 hover:underline-offset-8">{release.title}</Link>
          </h1>
          <p className="mt-2 text-lg text-soft">
            <Link to={`/artists/${release.artist.slug}`} className="hover:text-ink hover:underline">{release.artist.name}</Link>
            {` · ${t('release.tracks', { count: release.track_count })} · ${lengthInWords(release.duration_ms, locale)}`}
          </p>
          <PlayReleaseButton release={release} withLabel className="mt-6" />
        </div>
      </div>
    </section>
  )
}
