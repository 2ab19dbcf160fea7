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
import { LikeButton } from './LikeButton'
import { useOpinions } from './opinions'
import { likedTracks } from './queries'
import { StarRating } from './StarRating'

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
  const opinionOf = useOpinions(items.map((item) => item.track_id))
  // Until the server has told, what the list says.
  const starsOf = ({ track_id: id, stars }: LikedTrack) => (opinionOf(id) ?? { stars }).stars ?? null
  return (
    <ul className="border-b border-line last:border-b-0">
      {items.map((item) => (
        <KeptTrack key={item.track_id} track={item.track ?? null} onPlay={() => onPlay(item.track_id)}>
          {item.track ? (
            <>
              <span className="figures text-sm text-soft">{clock(item.track.duration_ms)}</span>
              <StarRating track={item.track} stars={starsOf(item)} />
              <LikeButton track={item.track} liked={opinionOf(item.track_id)?.liked ?? true} />
            </>
          ) : (
            <Remove id={item.track_id} />
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
