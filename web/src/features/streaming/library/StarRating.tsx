import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { useProblemText } from '../../../i18n/problemText'
import { Icon } from '../../../ui/Icon'
import { showToast } from '../../../ui/toasts'
import { expectOpinion, opinionKey, settleOpinions, showOpinion } from './opinions'
import { afterKey, afterPress, scale, wishFor, type Wish } from './stars'

interface StarRatingProps {
  track: { id: string; title: string }
  /** Null for a track without a rating. */
  stars: number | null
}

/** One to five stars, for those who are signed in; the one that stands, pressed again, takes them out. */
export function StarRating({ track, stars }: StarRatingProps) {
  const { t } = useTranslation()
  const rate = useRating(track.id, stars)
  const [pointed, setPointed] = useState<number | null>(null)
  const shown = pointed ?? stars ?? 0
  const press = (star: number) => {
    // What was done is shown, not what another press would do.
    setPointed(null)
    rate(afterPress(stars, star))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>, star: number) => {
    const wanted = event.altKey || event.ctrlKey || event.metaKey ? undefined : afterKey(event.key, star)
    if (wanted === undefined) return
    event.preventDefault()
    const buttons = event.currentTarget.parentElement?.querySelectorAll('button')
    if (wanted !== null) buttons?.[wanted - 1]?.focus()
    rate(wanted)
  }
  const onPointerEnter = (event: PointerEvent, star: number) => {
    if (event.pointerType !== 'touch') setPointed(star)
  }
  return (
    <div role="radiogroup" aria-label={t('library.rate', { title: track.title })} className="flex shrink-0" onPointerLeave={() => setPointed(null)}>
      {scale.map((star) => (
        <button
          key={star}
          type="button"
          role="radio"
          aria-checked={star === stars}
          aria-label={t('library.stars', { count: star })}
          title={star === stars ? t('library.unrate') : t('library.stars', { count: star })}
          tabIndex={star === (stars ?? 1) ? 0 : -1}
          onClick={() => press(star)}
          onKeyDown={(event) => onKeyDown(event, star)}
          onPointerEnter={(event) => onPointerEnter(event, star)}
          className={`inline-flex size-7 items-center justify-center -outline-offset-1 transition-colors pointer-coarse:size-8 ${star <= shown ? 'text-accent' : 'text-soft hover:text-ink'} ${pointed === null ? '' : 'opacity-75'}`}
        >
          <Icon name={star <= shown ? 'starred' : 'star'} />
        </button>
      ))}
    </div>
  )
}

/** Rates a track at once and wherever it stands; what the server refuses is put back. */
function useRating(id: string, shown: number | null): (stars: number | null) => void {
  const client = useQueryClient()
  const problemText = useProblemText()
  const mutationKey = [...opinionKey, 'stars', id]
  const rating = useMutation({
    mutationKey,
    // One after the other, as they were pressed.
    scope: { id: mutationKey.join(' ') },
    mutationFn: ({ stars }: Wish) => {
      const where = { params: { path: { id } } }
      return answer(stars === null ? api.DELETE('/api/v1/tracks/{id}/rating', where) : api.PUT('/api/v1/tracks/{id}/rating', { ...where, body: { stars } }))
    },
    onMutate: ({ stars }) => expectOpinion(client, id, { stars }),
    onError: (problem, { before }) => {
      if (client.isMutating({ mutationKey }) === 1) showOpinion(client, id, { stars: before })
      showToast({ title: problemText(problem) })
    },
    // What the server is asked then is no part of the change: the next press need not wait for it.
    onSettled: () => void settleOpinions(client),
  })
  return (stars) => {
    if (stars !== shown) rating.mutate(wishFor(stars, shown, rating.isPending ? rating.variables : undefined))
  }
}
