import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'

/** Keys that came with an address, and were not used yet. */
const keys = new Map<string, string>()

/** Remembers what lets into a room. */
export function holdKey(id: string, key: string | null): void {
  if (key) keys.set(id, key)
}

/** A room that the account is in, or comes into with the key that it holds. */
export const roomQuery = (id: string) =>
  queryOptions({
    queryKey: ['room', id],
    queryFn: async ({ signal }) => {
      const key = keys.get(id)
      if (key === undefined) return answer(api.GET('/api/v1/rooms/{id}', { params: { path: { id } }, signal }))
      const room = await answer(api.PUT('/api/v1/rooms/{id}/membership', { params: { path: { id } }, body: { key } }))
      keys.delete(id)
      return room
    },
  })
