import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'
import { partsFor } from './bars'

/** A track's peaks never change: once fetched, they stay. As many as a screen of this width can show. */
export const waveformQuery = ({ id: trackId, link }: { id: string; link?: string }, parts = partsFor(window.screen.width)) =>
  queryOptions({
    queryKey: ['waveform', trackId, parts],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/tracks/{id}/waveform', { params: { path: { id: trackId }, query: { parts, link } }, signal })),
    staleTime: Infinity,
  })
