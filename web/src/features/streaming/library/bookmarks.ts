import type { InfiniteData } from '@tanstack/react-query'
import type { Bookmark, BookmarkPage } from '../../../api/types'

/** What is known of the account's bookmarks, the latest first. */
export type Pages = InfiniteData<BookmarkPage>

export function bookmarkIn(pages: Pages | undefined, id: string): Bookmark | null {
  return pages?.pages.flatMap((page) => page.items).find((bookmark) => bookmark.track_id === id) ?? null
}

/** With this one before all others, and instead of the one in the same track. */
export function withBookmark(pages: Pages, bookmark: Bookmark): Pages {
  const [first, ...rest] = withoutBookmark(pages, bookmark.track_id).pages
  return first ? { ...pages, pages: [{ ...first, items: [bookmark, ...first.items] }, ...rest] } : pages
}

export function withoutBookmark(pages: Pages, id: string): Pages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((bookmark) => bookmark.track_id !== id) })) }
}

/** A place of the player in whole milliseconds, inside of the track: what sounds may be longer by a frame than what is told of it. */
export function placeIn(track: { duration_ms?: number | null }, positionMs: number): number {
  return Math.min(Math.max(0, Math.round(positionMs)), track.duration_ms ?? Infinity)
}
