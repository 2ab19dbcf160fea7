import { useTranslation } from 'react-i18next'
import type { Bookmark } from '../../../api/types'
import { useProblemText } from '../../../i18n/problemText'
import { IconButton } from '../../../ui/Button'
import { clock } from '../../../ui/time'
import { showToast } from '../../../ui/toasts'
import { livePositionMs } from '../player'
import type { QueuedTrack } from '../queue'
import { placeIn } from './bookmarks'
import { useKeepBookmark } from './useBookmarks'

interface BookmarkButtonProps {
  /** The one that plays. */
  track: QueuedTrack
  /** The one in it; undefined until that is known. */
  bookmark: Bookmark | null | undefined
}

/** Marks the place that is heard now. A track has one bookmark: another place takes it over, with its note. */
export function BookmarkButton({ track, bookmark }: BookmarkButtonProps) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const keeping = useKeepBookmark()
  const tell = (problem: unknown) => showToast({ title: problemText(problem) })
  const press = async () => {
    const position_ms = placeIn(track, livePositionMs())
    const position = clock(position_ms)
    try {
      await keeping.mutateAsync({ track_id: track.id, track: { ...track, duration_ms: track.duration_ms ?? 0 }, position_ms, note: bookmark?.note ?? null, set_at: new Date().toISOString() })
    } catch (problem) {
      return tell(problem)
    }
    const from = bookmark ? clock(bookmark.position_ms) : position
    const back = bookmark && from !== position ? () => void keeping.mutateAsync(bookmark).catch(tell) : undefined
    showToast({ title: back ? t('library.bookmarkMoved', { from, position }) : t('library.bookmarked', { position }), text: track.title, url: '/library/bookmarks', undo: back })
  }
  return (
    <IconButton
      label={bookmark ? t('library.bookmarkInstead', { position: clock(bookmark.position_ms) }) : t('library.bookmark')}
      icon={bookmark ? 'bookmarked' : 'bookmark'}
      disabled={bookmark === undefined || keeping.isPending}
      onClick={() => void press()}
      iconClass={`size-5 ${bookmark ? 'text-accent' : ''}`}
      className="-my-1 -mr-2 -ml-1"
    />
  )
}
