import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Bookmark } from '../../../api/types'
import { useProblemText } from '../../../i18n/problemText'
import { Button, IconButton } from '../../../ui/Button'
import { Block, EmptyState, Loading, ProblemNotice } from '../../../ui/Notice'
import { clock } from '../../../ui/time'
import { showToast } from '../../../ui/toasts'
import { warmUp } from '../player'
import { BookmarkNote } from './BookmarkNote'
import { KeptTrack } from './KeptTrack'
import { playAt } from './playAt'
import { bookmarks } from './queries'
import { useForgetBookmark, useKeepBookmark } from './useBookmarks'

const places = [0, 1, 2, 3, 4]

/** The places that a listener marked: to play from, to write on, to let go. */
export function Bookmarks() {
  const { t } = useTranslation()
  // Another device may have put some.
  const marked = useInfiniteQuery({ ...bookmarks, refetchOnMount: 'always' })
  if (marked.isPending) return <Loading>{places.map((place) => <Block key={place} className="mb-3 h-12 w-full" />)}</Loading>
  if (marked.isError && !marked.data) return <ProblemNotice problem={marked.error} onRetry={() => void marked.refetch()} />
  const items = marked.data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0 && !marked.hasNextPage) return <EmptyState title={t('library.noBookmarks')}><p>{t('library.noBookmarksLead')}</p></EmptyState>
  return (
    <>
      <ul>{items.map((bookmark) => <Line key={bookmark.track_id} bookmark={bookmark} />)}</ul>
      {marked.hasNextPage && <Button className="mt-6" busy={marked.isFetchingNextPage} onClick={() => void marked.fetchNextPage()}>{t('common.more')}</Button>}
    </>
  )
}

function Line({ bookmark }: { bookmark: Bookmark }) {
  const { t } = useTranslation()
  const [writing, setWriting] = useState(false)
  const remove = useRemove(bookmark)
  const { track, note } = bookmark
  const position = clock(bookmark.position_ms)
  const play = () => track && playAt([track], track.id, bookmark.position_ms)
  return (
    <KeptTrack track={track ?? null} note={track ? undefined : position} below={note} onPlay={play}>
      {track && (
        <>
          <Button icon="play" aria-label={t('library.playFrom', { title: track.title, position })} onPointerEnter={warmUp} onFocus={warmUp} onClick={play} className="figures">{position}</Button>
          <IconButton label={t('library.editNote', { title: track.title })} icon="pencil" aria-haspopup="dialog" onClick={() => setWriting(true)} />
        </>
      )}
      <IconButton label={track ? t('library.deleteBookmark', { title: track.title }) : t('library.removeGone')} icon="trash" disabled={remove.busy} onClick={() => void remove.run()} />
      {track && writing && <BookmarkNote bookmark={bookmark} title={track.title} onClose={() => setWriting(false)} />}
    </KeptTrack>
  )
}

/** Deletes a bookmark at once; it can be put back for a while, where its track may still be heard. */
function useRemove(bookmark: Bookmark): { busy: boolean; run: () => Promise<void> } {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const forgetting = useForgetBookmark()
  const keeping = useKeepBookmark()
  const tell = (problem: unknown) => showToast({ title: problemText(problem) })
  const putBack = () => void keeping.mutateAsync(bookmark).catch(tell)
  const run = async () => {
    try {
      await forgetting.mutateAsync(bookmark.track_id)
    } catch (problem) {
      return tell(problem)
    }
    showToast({ title: t('library.bookmarkDeleted'), ...(bookmark.track && { text: bookmark.track.title, undo: putBack }) })
  }
  return { busy: forgetting.isPending, run }
}
