import { infiniteQueryOptions } from '@tanstack/react-query'
import { answer, api } from '../../../api/client'
import type { Statement } from '../../../api/types'

const firstPage = undefined as string | undefined

/** Whether an import has come to its end, however. */
export const isOver = (statement: Statement) => statement.state === 'ready' || statement.state === 'rejected'

export const statements = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ['statements', artistId],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/artists/{id}/statements', { params: { path: { id: artistId }, query: { cursor: pageParam } } })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // While something is read, it is asked for again.
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some((item) => !isOver(item))) ? 1500 : false),
  })

export const earnings = (artistId: string, group: string) =>
  infiniteQueryOptions({
    queryKey: ['earnings', artistId, group],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/artists/{id}/earnings', { params: { path: { id: artistId }, query: { group, limit: 100, cursor: pageParam } } })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const unmatched = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ['sold-items', artistId],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/artists/{id}/sold-items', { params: { path: { id: artistId }, query: { unmatched: true, limit: 20, cursor: pageParam } } })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
