import i18next from 'i18next'
import { answer, api, ifMatch, tagged } from '../../../api/client'
import { ApiProblem } from '../../../api/problem'
import type { KeptQueue } from '../../../api/types'
import { showToast } from '../../../ui/toasts'
import { livePositionMs, usePlayer } from '../player'
import { deviceName, toKeep } from './keptQueue'

/** So long after the last change the queue is put. */
const restMs = 3000
/** While music plays, its place is put so often. */
const tickMs = 30_000
/** A place that moves by more has been jumped to. */
const jumpMs = 2500

/** Names the queue that this page saw or put last. */
let tag: string | null = null
/** Whether another device has put a queue since: until something is done here, it holds. */
let overtaken = false
/** Whether another device was handed the queue: what is left of it here is nobody's until something is done here. */
let givenAway = false
/** One after the other, or a page would get in its own way. */
let last: Promise<void> = Promise.resolve()

/** The queue that the account's devices share. */
export async function seeQueue(): Promise<KeptQueue> {
  const seen = await tagged(api.GET('/api/v1/me/queue'))
  tag = seen.tag
  return seen.data
}

/** Another device goes on with the queue. */
export function giveQueueAway(): void {
  givenAway = true
  tag = null
}

/** Puts the player's queue whenever it has changed; the answer ends that. */
export function followQueue(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let waiting = false
  const put = (isTick: boolean) => {
    clearTimeout(timer)
    waiting = false
    last = last.catch(() => undefined).then(() => putQueue(isTick))
  }
  const soon = () => {
    clearTimeout(timer)
    waiting = true
    timer = setTimeout(() => put(false), restMs)
  }
  // Whoever signs in while music plays has a queue already.
  if (usePlayer.getState().queue) soon()
  const unsubscribe = usePlayer.subscribe((state, before) => {
    if (state.queue !== before.queue || state.status === 'playing' || state.status === 'loading') givenAway = false
    const paused = state.status === 'paused' && before.status !== 'paused'
    const jumped = Math.abs(state.positionMs - before.positionMs) > jumpMs
    if (state.queue !== before.queue || (state.queue && (paused || jumped))) soon()
  })
  const tick = setInterval(() => {
    if (!waiting && !overtaken && usePlayer.getState().status === 'playing') put(true)
  }, tickMs)
  const leave = () => {
    // A page that is put to rest may come back: its tag is not what the server has then, and it looks again.
    if (tag !== null && !overtaken && (waiting || usePlayer.getState().status === 'playing')) void send(true).then(forgetTag, forgetTag)
    waiting = false
    clearTimeout(timer)
  }
  addEventListener('pagehide', leave)
  return () => {
    unsubscribe()
    clearTimeout(timer)
    clearInterval(tick)
    removeEventListener('pagehide', leave)
  }
}

async function putQueue(isTick: boolean): Promise<void> {
  if (givenAway) return
  try {
    if (tag === null) await seeQueue()
    await send(false)
    overtaken = false
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) throw problem
    if (problem.status === 412) await meet(isTick)
    // What else does not arrive is put with the next change.
  }
}

/** Another device was here meanwhile. What somebody does here comes after that, and they are told. */
async function meet(isTick: boolean): Promise<void> {
  overtaken = true
  if (isTick) return
  try {
    await seeQueue()
    await send(false)
    overtaken = false
    showToast({ title: i18next.t('library.elsewhere') })
  } catch (problem) {
    if (!(problem instanceof ApiProblem)) throw problem
    // The next change tries again.
  }
}

async function send(leaving: boolean): Promise<void> {
  const body = toKeep(usePlayer.getState().queue, livePositionMs(), deviceName(navigator.userAgent))
  if (body === null) return
  const call = api.PUT('/api/v1/me/queue', { params: { header: ifMatch(tag) }, body, keepalive: leaving })
  if (leaving) await answer(call)
  else tag = (await tagged(call)).tag
}

function forgetTag(): void {
  tag = null
}
