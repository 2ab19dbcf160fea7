import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'
import type { Quota } from '../../api/types'

/** How much an artist may have, and has. */
export const quotaQuery = (slug: string) =>
  queryOptions({
    queryKey: ['quota', slug],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/artists/{id}/quota', { params: { path: { id: slug } }, signal })),
    staleTime: 5000,
  })

/** What there is not enough of for some files, and how much there is. */
export interface Lack {
  of: 'bytes' | 'tracks' | 'uploads_today'
  wanted: number
  left: number
}

/** How much of something is left; never less than nothing, where a limit was lowered. */
export const left = ({ limit, used }: Quota['bytes']) => Math.max(0, limit - used)

/** What stands against sending these files, before the first byte goes; null where nothing does. */
export function lacking(quota: Quota, files: readonly { size: number }[], { newTracks = true } = {}): Lack | null {
  const wanted = { bytes: files.reduce((sum, { size }) => sum + size, 0), tracks: newTracks ? files.length : 0, uploads_today: files.length }
  const first = (['bytes', 'tracks', 'uploads_today'] as const).find((of) => wanted[of] > left(quota[of]))
  return first ? { of: first, wanted: wanted[first], left: left(quota[first]) } : null
}
