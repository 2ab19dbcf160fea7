import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { OwnShare } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { Button } from '../../../ui/Button'
import { ProblemNotice } from '../../../ui/Notice'
import { myShares } from './queries'

/** The shares in tracks that one was given; absent where there are none. */
export function Shares() {
  const { t } = useTranslation()
  const list = useInfiniteQuery(myShares)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  if (list.isError && !list.data) return <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} className="mt-8" />
  if (items.length === 0) return null
  return (
    <section aria-label={t('shares.title')} className="mt-10">
      <h2 className="mb-4 text-3xl">{t('shares.title')}</h2>
      <ul className="flex flex-col gap-3">{items.map((share) => <Line key={share.id} share={share} />)}</ul>
      {list.hasNextPage && <Button className="mt-6" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </section>
  )
}

function Line({ share }: { share: OwnShare }) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const answering = useMutation({
    mutationFn: (confirmed: boolean) => answer(api.PUT('/api/v1/me/splits/{id}', { params: { path: { id: share.id } }, body: { confirmed } })),
    onSettled: () => client.invalidateQueries({ queryKey: myShares.queryKey }),
  })
  return (
    <li className="flex flex-wrap items-center gap-4 rounded-2xl border border-line bg-surface p-4">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-display text-2xl">{share.track.title}</p>
        <p className="text-sm text-soft">{`${share.artist.name} · ${share.release.title}`}</p>
        <p className="figures text-sm text-soft">{`${t('shares.percent', { percent: share.percent })} · ${label('shareStates', share.state)}`}</p>
      </div>
      {share.state !== 'confirmed' && <Button look="primary" busy={answering.isPending} onClick={() => answering.mutate(true)}>{t('shares.confirm')}</Button>}
      {share.state === 'invited' && <Button busy={answering.isPending} onClick={() => answering.mutate(false)}>{t('shares.decline')}</Button>}
      {answering.isError && <ProblemNotice problem={answering.error} className="w-full" />}
    </li>
  )
}
