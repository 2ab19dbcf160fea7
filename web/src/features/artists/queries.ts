import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'

const firstPage = undefined as string | undefined

/** The catalogue, newest published release first. */
export const newestReleases = infiniteQueryOptions({
  queryKey: ['releases', 'newest'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/releases', { params: { query: { limit: 25, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const artistQuery = (slug: string) =>
  queryOptions({
    queryKey: ['artist', slug],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/artists/{id}', { params: { path: { id: slug } }, signal })),
  })

export const artistReleases = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ['releases', 'artist', artistId],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/artists/{id}/releases', { params: { path: { id: artistId }, query: { limit: 50, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const myArtists = infiniteQueryOptions({
  queryKey: ['artists', 'mine'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/artists', { params: { query: { mine: true, limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const releaseQuery = (id: string) =>
  queryOptions({
    queryKey: ['release', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/releases/{id}', { params: { path: { id } }, signal })),
  })

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: ['track', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/tracks/{id}', { params: { path: { id } }, signal })),
  })

/** The release behind a link. */
export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: ['link', token],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/links/{token}', { params: { path: { token } }, signal })),
  })
