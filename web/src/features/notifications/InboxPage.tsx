import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Notification } from '../../api/types'
import { useLocale } from '../../i18n/useLocale'
import { Button } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { ago } from '../../ui/time'
import { RequireAccount } from '../accounts/RequireAccount'
import { newsText } from './newsText'
import { markAllRead, markRead, notifications } from './queries'

export default function InboxPage() {
  return <RequireAccount><Inbox /></RequireAccount>
}

const places = [0, 1, 2, 3]

function Inbox() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const inbox = useInfiniteQuery(notifications)
  const readAll = useMutation({ mutationFn: (newest: Notification) => markAllRead(client, newest) })
  const items = inbox.data?.pages.flatMap((page) => page.items) ?? []
  const newest = items[0]
  const unread = inbox.data?.pages[0]?.unread_count ?? 0
  return (
    <div className="mx-auto max-w-3xl">
      <title>{`${t('inbox.title')} · Legato`}</title>
      <div className="mb-6 flex min-h-10 flex-wrap items-center justify-between gap-4">
        <h1 className="text-4xl">{t('inbox.title')}</h1>
        {newest && unread > 0 && <Button icon="check" busy={readAll.isPending} onClick={() => readAll.mutate(newest)}>{t('inbox.readAll')}</Button>}
      </div>
      {readAll.isError && <ProblemNotice problem={readAll.error} className="mb-4" />}
      {inbox.isPending && <Loading>{places.map((place) => <Block key={place} className="mb-3 h-16 w-full" />)}</Loading>}
      {inbox.isError && !inbox.data && <ProblemNotice problem={inbox.error} onRetry={() => void inbox.refetch()} />}
      {inbox.data && items.length === 0 && <EmptyState title={t('inbox.emptyTitle')}><p>{t('inbox.empty')}</p></EmptyState>}
      <ul className="rise">{items.map((item) => <Line key={item.id} notification={item} />)}</ul>
      {inbox.hasNextPage && <Button className="mt-6" busy={inbox.isFetchingNextPage} onClick={() => void inbox.fetchNextPage()}>{t('common.more')}</Button>}
    </div>
  )
}

function Line({ notification }: { notification: Notification }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const fresh = notification.read_at == null
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        to={notification.url}
        // A mark that is lost is no matter: the line stays new until the next visit.
        onClick={() => void markRead(client, notification).catch(() => undefined)}
        className="flex items-center gap-4 rounded-lg px-3 py-3 hover:bg-tint"
      >
        <Cover title={notification.title} artist={notification.subtitle} className="size-12 shrink-0" />
        <span className="min-w-0 flex-1">
          <span className={`block truncate ${fresh ? 'font-semibold' : ''}`}>{notification.title}</span>
          <span className="block truncate text-sm text-soft">
            <time dateTime={notification.created_at}>{ago(notification.created_at, locale)}</time>
            {` · ${newsText(t, notification)}`}
          </span>
        </span>
        <span className={`size-2.5 shrink-0 rounded-full ${fresh ? 'bg-accent' : ''}`}>{fresh && <span className="sr-only">{t('inbox.new')}</span>}</span>
      </Link>
    </li>
  )
}
