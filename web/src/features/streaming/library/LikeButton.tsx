import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate } from 'react-router'
import { answer, api } from '../../../api/client'
import { useProblemText } from '../../../i18n/problemText'
import { IconButton } from '../../../ui/Button'
import { showToast } from '../../../ui/toasts'
import { useMe } from '../../accounts/session'
import { expectOpinion, opinionKey, settleOpinions, showOpinion } from './opinions'

/** A heart: liked or not, at once and wherever the track stands; what the server refuses is put back. */
export function LikeButton({ track, liked }: { track: { id: string; title: string }; liked: boolean }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const here = useLocation()
  const me = useMe()
  const problemText = useProblemText()
  const liking = useMutation({
    mutationKey: opinionKey,
    mutationFn: (like: boolean) => {
      const where = { params: { path: { id: track.id } } }
      return answer(like ? api.PUT('/api/v1/tracks/{id}/like', where) : api.DELETE('/api/v1/tracks/{id}/like', where))
    },
    onMutate: (like) => expectOpinion(client, track.id, { liked: like }),
    onError: (problem, like) => {
      showOpinion(client, track.id, { liked: !like })
      showToast({ title: problemText(problem) })
    },
    onSettled: () => settleOpinions(client),
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
