import { QueryClient } from '@tanstack/react-query'
import { expect, it, vi } from 'vitest'
import type { TrackOpinions } from '../../../api/types'
import { expectOpinion, opinionKey, settleOpinions } from './opinions'
import { opinionsOf } from './queries'

vi.mock('../../accounts/session', () => ({ useMe: vi.fn() }))

const list = (...ids: string[]): TrackOpinions => ({ items: ids.map((track_id) => ({ track_id, liked: true, stars: null })) })
const page = opinionsOf(['a', 'b']).queryKey
const player = opinionsOf(['b']).queryKey

function known(): QueryClient {
  const client = new QueryClient()
  client.setQueryData(page, list('a', 'b'))
  client.setQueryData(player, list('b'))
  return client
}

it('shows what one thinks of a track wherever it stands', async () => {
  const client = known()
  await expectOpinion(client, 'b', { stars: 4 })
  expect(client.getQueryData(page)?.items).toEqual([{ track_id: 'a', liked: true, stars: null }, { track_id: 'b', liked: true, stars: 4 }])
  expect(client.getQueryData(player)?.items).toEqual([{ track_id: 'b', liked: true, stars: 4 }])
})

it('asks the server anew after the last of several changes', async () => {
  const client = known()
  const asked: boolean[] = []
  const change = (through: Promise<void>): Promise<void> =>
    client.getMutationCache().build(client, {
      mutationKey: opinionKey,
      mutationFn: () => through,
      onSettled: async () => {
        await settleOpinions(client)
        asked.push(client.getQueryState(page)?.isInvalidated ?? false)
      },
    }).execute(undefined)
  const quick = change(Promise.resolve())
  await change(quick)
  expect(asked).toEqual([false, true])
})
