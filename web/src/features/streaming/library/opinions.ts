import { useQuery, type QueryClient } from '@tanstack/react-query'
import type { TrackOpinion, TrackOpinions } from '../../../api/types'
import { useMe } from '../../accounts/session'
import { opinionsOf } from './queries'

/** Says of each of these tracks what the listener thinks of it; nothing until the server has told. */
export function useOpinions(ids: readonly string[]): (id: string) => TrackOpinion | undefined {
  const me = useMe()
  const known = useQuery({ ...opinionsOf(ids), enabled: Boolean(me.data) && ids.length > 0 }).data
  const opinions = new Map(known?.items.map((opinion) => [opinion.track_id, opinion]))
  return (id) => opinions.get(id)
}

const everywhere = { queryKey: ['library', 'opinions'] }

/** What every change of an opinion is known by. */
export const opinionKey = ['opinion']

type Change = Partial<Omit<TrackOpinion, 'track_id'>>

/** Shows an opinion wherever the track stands. */
export function showOpinion(client: QueryClient, id: string, opinion: Change): void {
  client.setQueriesData<TrackOpinions>(everywhere, (known) => known && { items: known.items.map((item) => (item.track_id === id ? { ...item, ...opinion } : item)) })
}

/** The same before the server has said yes; what is on its way from there is older. */
export async function expectOpinion(client: QueryClient, id: string, opinion: Change): Promise<void> {
  await client.cancelQueries(everywhere)
  showOpinion(client, id, opinion)
}

/** Asks the server anew, once the last change is through: before, it would answer with what is about to change. */
export function settleOpinions(client: QueryClient): Promise<unknown> {
  const isLast = client.isMutating({ mutationKey: opinionKey }) === 1
  return Promise.all([
    isLast && client.invalidateQueries(everywhere),
    // The list that is open keeps its lines, so that a slip can be mended.
    client.invalidateQueries({ queryKey: ['library', 'tracks'], refetchType: 'none' }),
  ])
}
