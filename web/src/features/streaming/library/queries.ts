import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../../api/client'

const firstPage = undefined as string | undefined

/** What the account likes, the latest first. A page is asked about as a whole (`opinionsOf`), so it has 200 at the most. */
export const likedTracks = infiniteQueryOptions({
  queryKey: ['library', 'tracks'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/library/tracks', { params: { query: { limit: 100, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const savedReleases = infiniteQueryOptions({
  queryKey: ['library', 'releases'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/library/releases', { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

/** What the account has heard; with words, what has these in its names. */
export const heardTracks = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['library', 'history', q],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/history', { params: { query: { limit: 50, cursor: pageParam, ...(q === '' ? {} : { q }) } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    // It grows while music plays.
    staleTime: 0,
  })

/** The places that the account marked, the latest first. */
export const bookmarks = infiniteQueryOptions({
  queryKey: ['library', 'bookmarks'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/bookmarks', { params: { query: { limit: 200, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
  // The player looks here whether a track has one: what is changed on this page is shown at once.
  staleTime: 5 * 60_000,
})

/** What the account thinks of these tracks, 200 at the most. */
export const opinionsOf = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['library', 'opinions', ...ids],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/me/library/tracks/contains', { params: { query: { ids: ids.slice(0, 200).join(',') } }, signal })),
  })

/** Whether a release is saved. */
export const savedOf = (id: string) =>
  queryOptions({
    queryKey: ['library', 'saved', id],
    queryFn: async ({ signal }) => (await answer(api.GET('/api/v1/me/library/releases', { params: { query: { release: id, limit: 1 } }, signal }))).items.length > 0,
  })
