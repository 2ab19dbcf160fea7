import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { moment } from '../../../ui/time'
import { Actions } from './Section'

/** What was done to this account. */
export function History() {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const log = useInfiniteQuery({
    queryKey: ['settings', 'history'],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/me/audit-log', { params: { query: { limit: 10, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
  if (log.isPending) return <Loading><Block className="h-10 w-48" /></Loading>
  if (log.isError && !log.data) return <ProblemNotice problem={log.error} onRetry={() => void log.refetch()} />
  const items = log.data.pages.flatMap((page) => page.items)
  return (
    <>
      {items.length === 0 && <p className="text-sm text-soft">{t('history.empty')}</p>}
      <ul className="flex flex-col divide-y divide-line text-sm">
        {items.map((entry) => (
          <li key={entry.id} className="flex flex-wrap justify-between gap-x-4 py-2">
            <span>{label('auditActions', entry.action)}{!entry.by_me && <span className="text-soft"> · {t('history.byStaff')}</span>}</span>
            <time dateTime={entry.created_at} className="figures text-soft">{moment(entry.created_at, locale)}</time>
          </li>
        ))}
      </ul>
      {log.hasNextPage && <Actions><Button busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>{t('common.more')}</Button></Actions>}
    </>
  )
}
