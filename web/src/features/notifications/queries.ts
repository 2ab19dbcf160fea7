import { infiniteQueryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query'
import i18next from 'i18next'
import { answer, api } from '../../api/client'
import type { Notification, Notifications } from '../../api/types'
import { showToast } from '../../ui/toasts'
import { newsText } from './newsText'

export const notifications = infiniteQueryOptions({
  queryKey: ['notifications'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/notifications', { params: { query: { limit: 30, cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: Notifications) => page.next_cursor ?? undefined,
  staleTime: 60_000,
})

type Pages = InfiniteData<Notifications, unknown>

/** Puts a notification that arrived live on top, once, and says so. */
export function receiveNotification(client: QueryClient, notification: Notification): void {
  const known = client.getQueryData(notifications.queryKey)?.pages.some((page) => page.items.some((item) => item.id === notification.id))
  if (known) return
  client.setQueryData(notifications.queryKey, (pages) => withNewest(pages, notification))
  void client.invalidateQueries({ queryKey: ['releases'] })
  if (notification.kind !== 'release_published') {
    for (const key of ['people', 'artist', 'artists']) void client.invalidateQueries({ queryKey: [key] })
    void client.invalidateQueries({ queryKey: ['me', 'invitations'] })
  }
  if (notification.read_at == null) showToast({ title: notification.title, text: newsText(i18next.t, notification), url: notification.url })
}

export function withNewest(pages: Pages | undefined, notification: Notification): Pages | undefined {
  const [first, ...rest] = pages?.pages ?? []
  if (!pages || !first) return pages
  const unread_count = first.unread_count + (notification.read_at == null ? 1 : 0)
  return { ...pages, pages: [{ ...first, items: [notification, ...first.items], unread_count }, ...rest] }
}

export async function markRead(client: QueryClient, notification: Notification): Promise<void> {
  if (notification.read_at != null) return
  await answer(api.PUT('/api/v1/notifications/{id}/read', { params: { path: { id: notification.id } } }))
  await client.invalidateQueries({ queryKey: ['notifications'] })
}

/** Marks everything up to the newest one shown, so that one arriving meanwhile stays unread. */
export async function markAllRead(client: QueryClient, newest: Notification): Promise<void> {
  await answer(api.PUT('/api/v1/notifications/read', { body: { up_to: newest.id } }))
  await client.invalidateQueries({ queryKey: ['notifications'] })
}
