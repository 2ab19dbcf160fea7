import { useTranslation } from 'react-i18next'
import type { Track } from '../../api/types'

/** What listeners read of the track besides its title, and whether its file brings a cover. */
export function Credits({ track }: { track: Track }) {
  const { t } = useTranslation()
  const { composer, isrc, lyrics } = track
  const cover = track.suggestions?.cover_type ?? null
  const facts = [
    [t('studio.composer'), composer],
    [t('studio.isrc'), isrc],
    [t('studio.cover'), cover],
  ].filter((fact): fact is [string, string] => Boolean(fact[1]))
  if (facts.length === 0 && !lyrics) return null
  return (
    <div className="mt-3 text-sm">
      <dl className="flex flex-wrap gap-x-6 gap-y-2">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-xs text-soft">{name}</dt>
            <dd className="truncate">{value}</dd>
          </div>
        ))}
      </dl>
      {lyrics && (
        <details className="mt-2">
          <summary className="cursor-pointer font-semibold text-soft hover:text-ink">
            {t('studio.lyrics')}{(lyrics.lines?.length ?? 0) > 0 && ` (${t('studio.inTime')})`}
          </summary>
          <p className="mt-2 max-h-64 overflow-y-auto whitespace-pre-line">{lyrics.text}</p>
        </details>
      )}
    </div>
  )
}
