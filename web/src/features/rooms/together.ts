import i18next from 'i18next'
import { QueryObserver } from '@tanstack/react-query'
import { create } from 'zustand'
import { answer, api } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import type { Room } from '../../api/types'
import { showToast } from '../../ui/toasts'
import { follow, livePositionMs, rest, setPace, usePlayer } from '../streaming/player'
import type { QueuedTrack } from '../streaming/queue'
import { steerBy } from '../streaming/wheel'
import { roomQuery } from './queries'
import { heardAt, offsetOf, stepFor, type Moment } from './schedule'

/** The room that is heard here. */
export const useTogether = create<{ roomId: string | null }>(() => ({ roomId: null }))

/** How often it is looked whether this page is in step. */
const lookMs = 200
/** What a jump takes until it sounds again, at first. */
const jumpTakesMs = 60
/** Where the channel is lost, the room is asked for so often. */
const askMs = 20_000
/** Around a seam the player goes over by itself. */
const seamMs = 1500
const clockQuestions = 6

interface Heard {
  room: Room
  /** Those of its tracks that are heard here, and where each stands in the room. */
  tracks: QueuedTrack[]
  places: number[]
}

let end: (() => void) | null = null

/** Hears what is heard in a room, in step with everybody, until `unfollow`. */
export async function followRoom(id: string): Promise<void> {
  unfollow()
  useTogether.setState({ roomId: id })
  const offset = await readClock().catch((problem: unknown) => {
    unfollow()
    throw problem
  })
  if (useTogether.getState().roomId !== id) return
  let heard: Heard | null = null
  // Asked in the background too: music goes on while nobody looks at the page.
  const observer = new QueryObserver(queryClient, { ...roomQuery(id), refetchInterval: askMs, refetchIntervalInBackground: true })
  const take = ({ data, error }: { data: Room | undefined; error: unknown }) => {
    if (error instanceof ApiProblem && error.status === 404) return leave(id)
    if (data) heard = audible(data, heard)
  }
  const unsubscribe = observer.subscribe(take)
  take(observer.getCurrentResult())
  // It may be closed already.
  if (useTogether.getState().roomId !== id) return unsubscribe()
  const now = (): Moment | null => heard && heardAt(heard.room.playback, heard.room.items.map((item) => item.duration_ms), serverNow(offset))
  let jumpedAt = -Infinity
  const timer = setInterval(() => {
    const moment = now()
    if (heard && moment && align(heard, moment, jumpedAt)) jumpedAt = performance.now()
  }, lookMs)
  end = () => {
    clearInterval(timer)
    unsubscribe()
    steerBy(null)
    setPace(1)
  }
  steerBy(wheelOf(id, () => heard, now))
}

/** Hears what this page likes again. */
export function unfollow(): void {
  end?.()
  end = null
  useTogether.setState({ roomId: null })
}

/** Hears nothing. */
export function stopListening(): void {
  unfollow()
  rest()
}

/** Says what is heard in the room from now on. */
export async function steer(id: string, body: { current: number; position_ms: number; is_playing: boolean }): Promise<void> {
  const playback = await answer(api.PUT('/api/v1/rooms/{id}/playback', { params: { path: { id } }, body }))
  queryClient.setQueryData(roomQuery(id).queryKey, (room) => room && (room.playback.version < playback.version ? { ...room, playback } : room))
}

function leave(id: string): void {
  if (useTogether.getState().roomId !== id) return
  stopListening()
  showToast({ title: i18next.t('rooms.closed') })
}

// The same list while its tracks are the same: the player goes by it.
function audible(room: Room, before: Heard | null): Heard {
  const same = before !== null && before.room.items.length === room.items.length && before.room.items.every((item, at) => item.track_id === room.items[at]?.track_id)
  if (same) return { ...before, room }
  const there = room.items.flatMap((item, place) => (item.track ? [{ track: item.track, place }] : []))
  return { room, tracks: there.map(({ track }) => track), places: there.map(({ place }) => place) }
}

function complain(): void {
  showToast({ title: i18next.t('rooms.notSteered') })
}

/** Brings the player where the room is; whether it had to jump. */
function align({ tracks, places }: Heard, moment: Moment, jumpedAt: number): boolean {
  const { queue, status } = usePlayer.getState()
  const at = places.indexOf(moment.index)
  if (!moment.playing || at < 0) {
    if (status === 'playing' || status === 'loading') rest()
    return false
  }
  const here = queue?.tracks === tracks
  if (here && status === 'failed') return false
  // What was begun just now gets its time.
  if (status === 'loading' && performance.now() - jumpedAt < 4000) return false
  const crossing = here && status === 'playing' && queue.at === at - 1 && moment.ms < seamMs
  if (crossing) return false
  if (!here || queue.at !== at || status !== 'playing') {
    if (performance.now() - jumpedAt < 1000) return false
    follow({ tracks, at }, moment.ms + jumpTakesMs)
    return true
  }
  const step = stepFor(livePositionMs() - moment.ms)
  if (!step.seek) {
    setPace(step.rate)
    return false
  }
  if (performance.now() - jumpedAt < 1000) return false
  setPace(1)
  follow({ tracks, at }, moment.ms + jumpTakesMs)
  return true
}

function wheelOf(id: string, heard: () => Heard | null, now: () => Moment | null) {
  const say = (moment: Moment | null, playing: boolean) => {
    if (moment) void steer(id, { current: moment.index, position_ms: Math.round(moment.ms), is_playing: playing }).catch(complain)
  }
  const steers = () => heard()?.room.may_steer === true
  return {
    play: () => (steers() ? say(now(), true) : undefined),
    pause: () => {
      if (steers()) return say(now(), false)
      // Who does not steer stops listening along.
      stopListening()
    },
    go: (at: number, ms: number) => {
      const index = heard()?.places[at]
      if (!steers() || index === undefined) return showToast({ title: i18next.t('rooms.hostSteers') })
      say({ index, ms, playing: true }, true)
    },
    leave: unfollow,
  }
}

function localNow(): number {
  return performance.timeOrigin + performance.now()
}

function serverNow(offset: number): number {
  return localNow() + offset
}

async function readClock(): Promise<number> {
  const samples = []
  for (let question = 0; question < clockQuestions; question += 1) {
    const sentMs = localNow()
    // One after the other: together they would wait for each other.
    // oxlint-disable-next-line no-await-in-loop
    const { now } = await answer(api.GET('/api/v1/clock'))
    samples.push({ sentMs, heardMs: localNow(), serverMs: Date.parse(now) })
  }
  return offsetOf(samples)
}
