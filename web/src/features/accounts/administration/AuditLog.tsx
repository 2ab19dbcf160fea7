import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { moment } from '../../../ui/time'
import { auditLog } from './queries'

/** What was done to an account, and by whom. */
export function AuditLog({ id }: { id: string }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const log = useInfiniteQuery(auditLog(id))
  if (log.isPending) return <Loading><Block className="h-10 w-48" /></Loading>
  if (log.isError && !log.data) return <ProblemNotice problem={log.error} onRetry={() => void log.refetch()} />
  const items = log.data.pages.flatMap((page) => page.items)
  return (
    <>
      {items.length === 0 && <p className="text-sm text-soft">{t('history.empty')}</p>}
      <ul className="flex flex-col divide-y divide-line text-sm">
        {items.map((entry) => (
          <li key={entry.id} className="flex flex-wrap justify-between gap-x-4 py-2">
            <span>
              {label('auditActions', entry.action)}
              <span className="text-soft">
                {' · '}
                {entry.actor_id === id && t('admin.byOwner')}
                {entry.actor_id === null && t('admin.byCommandLine')}
                {entry.actor_id && entry.actor_id !== id && <Link to={`/admin/accounts/${entry.actor_id}`} className="underline underline-offset-4">{t('admin.byAccount')}</Link>}
              </span>
            </span>
            <time dateTime={entry.created_at} className="figures text-soft">{moment(entry.created_at, locale)}</time>
          </li>
        ))}
      </ul>
      {log.hasNextPage && <Button className="self-start" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>{t('common.more')}</Button>}
    </>
  )
}
