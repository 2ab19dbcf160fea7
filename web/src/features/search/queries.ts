import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { answer, api } from '../../api/client'

/** The first hits for what is typed so far; a newer query aborts the older request. */
export const quickSearch = (q: string) =>
  queryOptions({
    queryKey: ['search', 'quick', q],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/search', { params: { query: { q, limit: 7 } }, signal })),
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  })

export const fullSearch = (q: string) =>
  infiniteQueryOptions({
    queryKey: ['search', 'full', q],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/search', { params: { query: { q, limit: 30, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  })

/** The value once it has rested, so that not every keystroke asks. */
export function useRested<T>(value: T, ms = 120): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}
