import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../../i18n/problemText'
import { Button } from '../../ui/Button'
import { showToast } from '../../ui/toasts'
import { handOver, playersQuery } from './players'

/** The account's other players, each to go on with what is heard here. Nothing where there is none. */
export function PlayElsewhere() {
  const { t } = useTranslation()
  const text = useProblemText()
  const players = useQuery(playersQuery)
  const handing = useMutation({ mutationFn: handOver, onError: (problem) => showToast({ title: text(problem) }) })
  const others = players.data?.items.filter((player) => !player.is_this) ?? []
  if (others.length === 0) return null
  return (
    <section aria-label={t('player.elsewhere')} className="border-t border-line px-3 pt-3 pb-1">
      <h3 className="mb-2 text-sm font-semibold text-soft">{t('player.elsewhere')}</h3>
      <ul className="flex flex-wrap gap-2">
        {others.map((player) => <li key={player.id}><Button busy={handing.isPending && handing.variables === player.id} onClick={() => handing.mutate(player.id)}>{player.name}</Button></li>)}
      </ul>
    </section>
  )
}
