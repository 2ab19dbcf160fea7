import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'

export const orders = ['newest', 'most_played', 'title'] as const
export const kinds = ['album', 'ep', 'single', 'compilation', 'live'] as const

/** What is looked through; an empty text stands for any. */
export interface Shelf {
  sort: (typeof orders)[number]
  genre: string
  year: string
  kind: (typeof kinds)[number] | ''
}

export const browsed = (shelf: Shelf) =>
  infiniteQueryOptions({
    queryKey: ['releases', 'browsed', shelf],
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 50,
        cursor: pageParam,
        sort: shelf.sort,
        genre: shelf.genre || undefined,
        year: shelf.year === '' ? undefined : Number(shelf.year),
        kind: shelf.kind || undefined,
      }
      return answer(api.GET('/api/v1/releases', { params: { query }, signal }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** The biggest genres. */
export const genresQuery = queryOptions({
  queryKey: ['genres'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/genres', { params: { query: { limit: 200 } }, signal })),
})
