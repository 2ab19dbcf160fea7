import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'

/** A track's peaks never change: once fetched, they stay. */
export const waveformQuery = (trackId: string) =>
  queryOptions({
    queryKey: ['waveform', trackId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/tracks/{id}/waveform', { params: { path: { id: trackId } }, signal })),
    staleTime: Infinity,
  })
