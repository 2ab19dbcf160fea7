import { useInfiniteQuery, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { answer, api } from '../../../api/client'
import type { Bookmark } from '../../../api/types'
import { useMe } from '../../accounts/session'
import { bookmarkIn, withBookmark, withoutBookmark, type Pages } from './bookmarks'
import { bookmarks } from './queries'

/** The listener's bookmark in a track: null where there is none, undefined until that is known. */
export function useBookmark(id: string): Bookmark | null | undefined {
  const me = useMe().data
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = useInfiniteQuery({ ...bookmarks, enabled: Boolean(me) })
  const found = bookmarkIn(data, id)
  // The server tells of all bookmarks, not of one track's: whoever has many may have it further down.
  const looksOn = Boolean(me) && found === null && hasNextPage && !isFetching && !isError
  useEffect(() => {
    // Several on a page may look on at once.
    if (looksOn) void fetchNextPage({ cancelRefetch: false })
  }, [looksOn, fetchNextPage])
  if (!me) return undefined
  return found ?? (data && !hasNextPage ? null : undefined)
}

/** Puts a bookmark over the one before in its track. */
export function useKeepBookmark() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ track_id: id, position_ms, note }: Bookmark) => answer(api.PUT('/api/v1/me/bookmarks/{id}', { params: { path: { id } }, body: { position_ms, note } })),
    onSuccess: (_, bookmark) => show(client, (known) => withBookmark(known, bookmark)),
  })
}

/** Takes the bookmark out of a track. */
export function useForgetBookmark() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/v1/me/bookmarks/{id}', { params: { path: { id } } })),
    onSuccess: (_, id) => show(client, (known) => withoutBookmark(known, id)),
    // Another device may have taken it out before.
    onError: () => void client.invalidateQueries({ queryKey: bookmarks.queryKey }),
  })
}

/** Shows what the server has done already; what was on its way from there is older. */
async function show(client: QueryClient, change: (known: Pages) => Pages): Promise<void> {
  const { queryKey } = bookmarks
  await client.cancelQueries({ queryKey })
  client.setQueryData(queryKey, (known) => known && change(known))
  await client.invalidateQueries({ queryKey, refetchType: 'none' })
}
