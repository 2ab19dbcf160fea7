import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api } from '../../api/client'
import { useProblemText } from '../../i18n/problemText'
import { Button } from '../../ui/Button'
import { showToast } from '../../ui/toasts'
import { currentOf, type Queue } from '../streaming/queue'

/** A room plays so many. */
const most = 500

/** Opens a room in which what is lined up is heard with others. */
export function ListenTogether({ queue }: { queue: Queue }) {
  const { t } = useTranslation()
  const text = useProblemText()
  const navigate = useNavigate()
  const opening = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/rooms', { body: { title: currentOf(queue).release.title.slice(0, 200), items: queue.tracks.slice(0, most).map((track) => track.id) } })),
    onSuccess: (room) => navigate(`/rooms/${room.id}`),
    onError: (problem) => showToast({ title: text(problem) }),
  })
  if (queue.tracks.some((track) => track.link !== undefined)) return null
  return <div className="border-t border-line px-3 pt-3 pb-1"><Button icon="people" busy={opening.isPending} onClick={() => opening.mutate()}>{t('player.together')}</Button></div>
}
