import { infiniteQueryOptions } from '@tanstack/react-query'
import { answer, api } from '../../../api/client'

const firstPage = undefined as string | undefined

/** How a release and its tracks became what they are, the newest first. */
export const releaseHistory = (releaseId: string) =>
  infiniteQueryOptions({
    queryKey: ['history', releaseId],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/releases/{id}/history', { params: { path: { id: releaseId }, query: { limit: 30, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** How an artist's profile became what it is. */
export const artistHistory = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ['history', artistId],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/artists/{id}/history', { params: { path: { id: artistId }, query: { limit: 30, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** The same of one track. */
export const trackHistory = (releaseId: string, trackId: string) =>
  infiniteQueryOptions({
    queryKey: ['history', releaseId, trackId],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/tracks/{id}/history', { params: { path: { id: trackId }, query: { limit: 30, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
