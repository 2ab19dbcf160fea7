import { Link } from 'react-router'
import type { ReleaseSummary } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { useLocale } from '../../i18n/useLocale'
import { Cover } from '../../ui/Cover'
import { year } from '../../ui/time'
import { PlayReleaseButton } from '../streaming/PlayReleaseButton'

interface ReleaseCardProps {
  release: ReleaseSummary
  /** On an artist's own page the year says more than the name. */
  line?: 'artist' | 'year'
}

export function ReleaseCard({ release, line = 'artist' }: ReleaseCardProps) {
  const label = useLabel()
  const locale = useLocale()
  return (
    <article className="group relative">
      <div className="relative overflow-hidden rounded-xl shadow-low">
        <Cover title={release.title} artist={release.artist.name} artwork={release.artwork} sizes="(min-width: 80rem) 15rem, (min-width: 40rem) 30vw, 45vw" className="w-full rounded-xl transition-transform duration-500 ease-out group-hover:scale-[1.035]" />
        <PlayReleaseButton release={release} className="absolute right-3 bottom-3 z-10 translate-y-1 opacity-0 transition group-hover:translate-y-0 group-hover:opacity-100 focus-visible:translate-y-0 focus-visible:opacity-100 pointer-coarse:translate-y-0 pointer-coarse:opacity-100" />
      </div>
      <h3 className="mt-3 line-clamp-2 text-lg leading-snug">
        <Link to={`/releases/${release.id}`} className="after:absolute after:inset-0 hover:underline hover:decoration-1 hover:underline-offset-4">{release.title}</Link>
      </h3>
      <p className="truncate text-sm text-soft">
        {line === 'artist' ? (
          <Link to={`/artists/${release.artist.slug}`} className="relative hover:text-ink hover:underline">{release.artist.name}</Link>
        ) : (
          `${label('kinds', release.kind)}${release.published_at ? ` · ${year(release.published_at, locale)}` : ''}`
        )}
      </p>
    </article>
  )
}

/** A grid that gives each card at least the width of a thumb's reach. */
export const cardGrid = 'grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 sm:gap-x-6 lg:grid-cols-4 xl:grid-cols-5'
