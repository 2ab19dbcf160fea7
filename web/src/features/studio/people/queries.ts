import { infiniteQueryOptions } from '@tanstack/react-query'
import { answer, api } from '../../../api/client'

const firstPage = undefined as string | undefined

export const artistMembers = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ['people', artistId, 'members'],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/artists/{id}/members', { params: { path: { id: artistId }, query: { limit: 50, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** Only its owners may ask for these. */
export const sentInvitations = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ['people', artistId, 'invitations'],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/artists/{id}/invitations', { params: { path: { id: artistId }, query: { limit: 50, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const labelOffers = (artistId: string) =>
  infiniteQueryOptions({
    queryKey: ['people', artistId, 'offers'],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/artists/{id}/label-offers', { params: { path: { id: artistId }, query: { limit: 50, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const roster = (labelId: string) =>
  infiniteQueryOptions({
    queryKey: ['people', labelId, 'roster'],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/artists/{id}/roster', { params: { path: { id: labelId }, query: { limit: 50, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const myShares = infiniteQueryOptions({
  queryKey: ['me', 'splits'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/splits', { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const myInvitations = infiniteQueryOptions({
  queryKey: ['me', 'invitations'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/invitations', { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})
