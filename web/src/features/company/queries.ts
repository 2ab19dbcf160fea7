import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'

const firstPage = undefined as string | undefined

export const personQuery = (handle: string) =>
  queryOptions({
    queryKey: ['person', handle],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/accounts/{handle}', { params: { path: { handle } }, signal })),
  })

/** Whether one follows somebody, and what they hear now. */
export const companyQuery = (handle: string) =>
  queryOptions({
    queryKey: ['company', 'person', handle],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/accounts/{handle}/following', { params: { path: { handle } }, signal })),
  })

export const personPlaylists = (handle: string) =>
  infiniteQueryOptions({
    queryKey: ['playlists', 'of', handle],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/accounts/{handle}/playlists', { params: { path: { handle }, query: { limit: 50, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const nowPlaying = queryOptions({
  queryKey: ['company', 'now'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/me/now-playing', { signal })),
})

export const followed = infiniteQueryOptions({
  queryKey: ['company', 'followed'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/followed-accounts', { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const myRooms = queryOptions({
  queryKey: ['rooms'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/rooms', { signal })),
})

/** Follows somebody, or no longer. */
export async function setFollowed(handle: string, follows: boolean): Promise<void> {
  const params = { path: { handle } }
  const call = follows ? api.PUT('/api/v1/accounts/{handle}/following', { params }) : api.DELETE('/api/v1/accounts/{handle}/following', { params })
  await answer<unknown>(call)
}
