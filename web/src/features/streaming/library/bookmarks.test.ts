import { expect, it } from 'vitest'
import { bookmarkIn, placeIn, withBookmark, withoutBookmark } from './bookmarks'

const bookmark = (track_id: string, position_ms = 0) => ({ track_id, track: null, position_ms, note: null, set_at: '2026-05-02T12:00:00Z' })
const known = (...pages: string[][]) => ({
  pages: pages.map((ids, at) => ({ items: ids.map((id) => bookmark(id)), next_cursor: at === pages.length - 1 ? null : 'next' })),
  pageParams: pages.map((_, at) => (at === 0 ? undefined : 'next')),
})
const ids = (pages: ReturnType<typeof withBookmark>) => pages.pages.map((page) => page.items.map((item) => item.track_id))

it('finds the bookmark of a track on any page', () => {
  expect(bookmarkIn(known(['a'], ['b']), 'b')?.track_id).toBe('b')
  expect(bookmarkIn(known(['a'], ['b']), 'c')).toBeNull()
  expect(bookmarkIn(undefined, 'a')).toBeNull()
})

it('puts a bookmark first, and one only in each track', () => {
  expect(ids(withBookmark(known([]), bookmark('a')))).toEqual([['a']])
  const moved = withBookmark(known(['a', 'b'], ['c']), bookmark('c', 5000))
  expect(ids(moved)).toEqual([['c', 'a', 'b'], []])
  expect(bookmarkIn(moved, 'c')?.position_ms).toBe(5000)
  expect(moved.pages.map((page) => page.next_cursor)).toEqual(['next', null])
})

it('takes a bookmark out', () => {
  expect(ids(withoutBookmark(known(['a', 'b'], ['c']), 'b'))).toEqual([['a'], ['c']])
  expect(ids(withoutBookmark(known(['a']), 'z'))).toEqual([['a']])
})

it('keeps a place inside of its track', () => {
  expect(placeIn({ duration_ms: 60_000 }, 12_345.6)).toBe(12_346)
  expect(placeIn({ duration_ms: 60_000 }, 60_021.3)).toBe(60_000)
  expect(placeIn({ duration_ms: 60_000 }, -1)).toBe(0)
  expect(placeIn({}, 90_000)).toBe(90_000)
})
