import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../../api/client'
import type { ArtistPackage, Import } from '../../../api/types'

const often = 2000

/** The newest package of an artist; null where there is none. */
export const newestPackage = (artistId: string) =>
  queryOptions({
    queryKey: ['packages', artistId],
    queryFn: async (): Promise<ArtistPackage | null> => {
      const newest: ArtistPackage | undefined = await answer(api.GET('/api/v1/artists/{id}/export', { params: { path: { id: artistId } } }))
      return newest ?? null
    },
    // The package is made meanwhile.
    refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? often : false),
  })

export const isOver = (item: Pick<Import, 'ended_at'>) => item.ended_at != null

/** What was brought in last, if anything, with its report. */
export const newestImport = (artistId: string) =>
  queryOptions({
    queryKey: ['imports', artistId],
    queryFn: async () => {
      const list = await answer(api.GET('/api/v1/artists/{id}/imports', { params: { path: { id: artistId }, query: { limit: 1 } } }))
      const [newest] = list.items
      if (!newest) return null
      return answer(api.GET('/api/v1/artists/{id}/imports/{import}', { params: { path: { id: artistId, import: newest.id } } }))
    },
    refetchInterval: ({ state }) => (state.data && !isOver(state.data) ? often : false),
  })
