import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { answer, api } from '../../../api/client'
import type { TrackOpinions } from '../../../api/types'
import { useProblemText } from '../../../i18n/problemText'
import { IconButton } from '../../../ui/Button'
import { showToast } from '../../../ui/toasts'
import { useMe } from '../../accounts/session'
import { opinionsOf } from './queries'

/** Says of each of these tracks whether the listener likes it; until the server has told, what `before` says. */
export function useLiked(ids: readonly string[], before = false): (id: string) => boolean {
  const me = useMe()
  const known = useQuery({ ...opinionsOf(ids), enabled: Boolean(me.data) && ids.length > 0 }).data
  const liked = new Map(known?.items.map((opinion) => [opinion.track_id, opinion.liked]))
  return (id) => liked.get(id) ?? before
}

const everywhere = { queryKey: ['library', 'opinions'] }

/** A heart: liked or not, at once and wherever the track stands; what the server refuses is put back. */
export function LikeButton({ track, liked }: { track: { id: string; title: string }; liked: boolean }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const here = useLocation()
  const me = useMe()
  const problemText = useProblemText()
  const show = (like: boolean) =>
    client.setQueriesData<TrackOpinions>(everywhere, (known) => known && { items: known.items.map((item) => (item.track_id === track.id ? { ...item, liked: like } : item)) })
  const liking = useMutation({
    mutationFn: (like: boolean) => {
      const where = { params: { path: { id: track.id } } }
      return answer(like ? api.PUT('/api/v1/tracks/{id}/like', where) : api.DELETE('/api/v1/tracks/{id}/like', where))
    },
    onMutate: async (like) => {
      await client.cancelQueries(everywhere)
      show(like)
    },
    onError: (problem, like) => {
      show(!like)
      showToast({ title: problemText(problem) })
    },
    // The list that is open keeps its lines, so that a slip can be mended.
    onSettled: () => Promise.all([client.invalidateQueries(everywhere), client.invalidateQueries({ queryKey: ['library', 'tracks'], refetchType: 'none' })]),
  })
  const press = () => {
    if (me.data === null) void navigate(`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`)
    else liking.mutate(!liked)
  }
  return (
    <IconButton
      label={t('library.like', { title: track.title })}
      icon={liked ? 'hearted' : 'heart'}
      aria-pressed={liked}
      disabled={liking.isPending}
      onClick={press}
      iconClass={`size-5 ${liked ? 'text-accent' : ''}`}
    />
  )
}
