import { expect, it } from 'vitest'
import type { Notification } from '../../api/types'
import { withNewest } from './queries'

const notification = (id: string, read_at: string | null = null): Notification => ({ id, kind: 'release_published', title: id, subtitle: '', url: '/', read_at, created_at: '' })
const pages = { pages: [{ items: [notification('a')], next_cursor: null, unread_count: 1 }], pageParams: [undefined] }

it('puts the newest on top and counts it', () => {
  const first = withNewest(pages, notification('b'))?.pages[0]
  expect(first?.items.map(({ id }) => id)).toEqual(['b', 'a'])
  expect(first?.unread_count).toBe(2)
})
it('does not count what was read elsewhere', () => expect(withNewest(pages, notification('b', '2026-01-01T00:00:00Z'))?.pages[0]?.unread_count).toBe(1))
it('keeps nothing for a list that was never fetched', () => expect(withNewest(undefined, notification('b'))).toBeUndefined())
