import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { LikedTrack } from '../../../api/types'
import { useProblemText } from '../../../i18n/problemText'
import { Button, IconButton } from '../../../ui/Button'
import { Block, EmptyState, Loading, ProblemNotice } from '../../../ui/Notice'
import { clock } from '../../../ui/time'
import { showToast } from '../../../ui/toasts'
import { playTracks } from '../player'
import type { QueuedTrack } from '../queue'
import { KeptTrack } from './KeptTrack'
import { LikeButton, useLiked } from './LikeButton'
import { likedTracks } from './queries'

const places = [0, 1, 2, 3, 4]

export function LikedTracks() {
  const { t } = useTranslation()
  const liked = useInfiniteQuery(likedTracks)
  if (liked.isPending) return <Loading>{places.map((place) => <Block key={place} className="mb-3 h-12 w-full" />)}</Loading>
  if (liked.isError && !liked.data) return <ProblemNotice problem={liked.error} onRetry={() => void liked.refetch()} />
  const pages = liked.data?.pages ?? []
  const tracks = pages.flatMap((page) => page.items.flatMap((item): QueuedTrack[] => (item.track ? [item.track] : [])))
  if (pages[0]?.items.length === 0) return <EmptyState title={t('library.noTracks')}><p>{t('library.noTracksLead')}</p></EmptyState>
  return (
    <>
      {tracks.length > 0 && <Button look="primary" icon="play" className="mb-4" onClick={() => playTracks(tracks)}>{t('library.playAll')}</Button>}
      {pages.map((page) => <Lines key={page.items[0]?.track_id} items={page.items} onPlay={(id) => playTracks(tracks, id)} />)}
      {liked.hasNextPage && <Button className="mt-6" busy={liked.isFetchingNextPage} onClick={() => void liked.fetchNextPage()}>{t('common.more')}</Button>}
    </>
  )
}

/** The lines of one page: the server is asked about them together. */
function Lines({ items, onPlay }: { items: LikedTrack[]; onPlay: (id: string) => void }) {
  const isLiked = useLiked(items.map((item) => item.track_id), true)
  return (
    <ul className="border-b border-line last:border-b-0">
      {items.map(({ track_id: id, track }) => (
        <KeptTrack key={id} track={track ?? null} onPlay={() => onPlay(id)}>
          {track ? (
            <>
              <span className="figures text-sm text-soft">{clock(track.duration_ms)}</span>
              <LikeButton track={track} liked={isLiked(id)} />
            </>
          ) : (
            <Remove id={id} />
          )}
        </KeptTrack>
      ))}
    </ul>
  )
}

/** Takes out what has no name any more. */
function Remove({ id }: { id: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const removing = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/tracks/{id}/like', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['library', 'tracks'] }),
    onError: (problem) => showToast({ title: problemText(problem) }),
  })
  return <IconButton label={t('library.removeGone')} icon="trash" disabled={removing.isPending} onClick={() => removing.mutate()} />
}
