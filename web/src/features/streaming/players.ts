import { queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../api/client'
import { deviceName, leftAt, toKeep } from './library/keptQueue'
import { giveQueueAway, seeQueue } from './library/putQueue'
import { goOn, livePositionMs, rest, usePlayer } from './player'
import { steering } from './wheel'

/** A player says that it is there so often; the server believes it for five minutes. */
const everyMs = 120_000

/** This page's player, as the account's others see it. */
let own: string | null = null

/** What the account could go on listening with. */
export const playersQuery = queryOptions({
  queryKey: ['players'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/me/players', { signal })),
  staleTime: 5000,
})

/** Says that this player is there, until the answer is called. */
export function announcePlayer(): () => void {
  announce()
  const timer = setInterval(announce, everyMs)
  addEventListener('pagehide', withdraw)
  // A page that is shown again after it was put away.
  addEventListener('pageshow', announce)
  return () => {
    clearInterval(timer)
    removeEventListener('pagehide', withdraw)
    removeEventListener('pageshow', announce)
  }
}

function announce(): void {
  answer(api.PUT('/api/v1/me/players/this', { body: { name: deviceName(navigator.userAgent) || 'Web' } }))
    .then(({ id }) => {
      own = id
    })
    .catch(() => undefined) // Said again in a while.
}

function withdraw(): void {
  void api.DELETE('/api/v1/me/players/this', { keepalive: true }).catch(() => undefined)
}

/** Has another of the account's players go on, and rests here. */
export async function handOver(player: string): Promise<void> {
  const body = toKeep(usePlayer.getState().queue, livePositionMs(), deviceName(navigator.userAgent))
  if (body === null) return
  await answer(api.POST('/api/v1/me/players/{id}/hand-over', { params: { path: { id: player } }, body }))
  // A room goes on without this page.
  steering()?.leave()
  rest()
  giveQueueAway()
}

/** Goes on with the queue that another player handed to this one. Of the tabs of one browser, which are one player, one does. */
export async function takeQueue(player: string): Promise<void> {
  if (player !== own) return
  if ('locks' in navigator) await navigator.locks.request('legato.handed-over', { ifAvailable: true }, (lock) => (lock ? take() : undefined))
  else await take()
}

async function take(): Promise<void> {
  const left = leftAt(await seeQueue())
  if (left) goOn(left.queue, left.positionMs, true)
  // So long that every other tab has heard of it meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 2000))
}
