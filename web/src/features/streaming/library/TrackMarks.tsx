import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/Button'
import { clock } from '../../../ui/time'
import { useMe } from '../../accounts/session'
import { warmUp } from '../player'
import type { QueuedTrack } from '../queue'
import { playAt } from './playAt'
import { StarRating } from './StarRating'
import { useBookmark } from './useBookmarks'

interface TrackMarksProps {
  track: QueuedTrack
  /** What is lined up with it, where it is played. */
  tracks: readonly (QueuedTrack & { state?: string })[]
  stars: number | null
}

/** What its listener says of a track and where they marked it; for those who are signed in. */
export function TrackMarks({ track, tracks, stars }: TrackMarksProps) {
  const { t } = useTranslation()
  const me = useMe().data
  const bookmark = useBookmark(track.id)
  if (!me) return null
  return (
    <div className="flex basis-full flex-wrap items-center gap-x-4 gap-y-2 px-3 pb-3 sm:pl-15">
      <StarRating track={track} stars={stars} />
      {bookmark && (
        <>
          <Button icon="play" onPointerEnter={warmUp} onFocus={warmUp} onClick={() => playAt(tracks, track.id, bookmark.position_ms)}>{t('library.goOnAt', { position: clock(bookmark.position_ms) })}</Button>
          {bookmark.note && <p className="min-w-0 flex-1 basis-48 text-sm break-words whitespace-pre-line text-soft">{bookmark.note}</p>}
        </>
      )}
    </div>
  )
}
