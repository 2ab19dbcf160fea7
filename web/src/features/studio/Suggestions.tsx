import { useTranslation } from 'react-i18next'
import type { Track } from '../../api/types'
import { Icon } from '../../ui/Icon'
import type { TrackChanges } from './TrackCard'

interface SuggestionsProps {
  track: Track
  busy: boolean
  onApply: (changes: TrackChanges) => void
}

/** What the file's tags would change: one press each. */
export function Suggestions({ track, busy, onApply }: SuggestionsProps) {
  const { t } = useTranslation()
  const { title, track_number: number, isrc, disc_number: disc, disc_total: discs, recording_mbid: recording, work_mbid: work } = track.suggestions ?? {}
  const offers: { label: string; changes: TrackChanges }[] = []
  if (title && title !== track.title) offers.push({ label: t('studio.useTitle', { title }), changes: { title } })
  if (number && number !== track.position) offers.push({ label: t('studio.useNumber', { number }), changes: { position: number } })
  if (isrc && isrc !== track.isrc) offers.push({ label: t('studio.useIsrc', { code: isrc }), changes: { isrc } })
  if (disc && disc !== track.disc && (disc > 1 || (discs ?? 1) > 1)) offers.push({ label: t('studio.useDisc', { number: disc }), changes: { disc } })
  const ids = { ...(recording && !track.recording_mbid && { recording_mbid: recording }), ...(work && !track.work_mbid && { work_mbid: work }) }
  if (Object.keys(ids).length > 0) offers.push({ label: t('studio.useMusicBrainz'), changes: ids })
  if (offers.length === 0) return null
  return (
    <p className="mt-3 flex flex-wrap items-center gap-2 text-sm text-soft">
      <Icon name="wand" className="size-4" />
      {t('studio.fromTags')}
      {offers.map((offer) => (
        <button key={offer.label} type="button" disabled={busy} onClick={() => onApply(offer.changes)} className="max-w-full truncate rounded-full border border-line bg-raised px-3 py-1 font-semibold text-ink hover:border-accent">
          {offer.label}
        </button>
      ))}
    </p>
  )
}
