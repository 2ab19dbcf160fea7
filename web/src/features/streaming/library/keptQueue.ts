import type { KeptQueue, NewQueue } from '../../../api/types'
import type { Queue, QueuedTrack } from '../queue'

/** The server keeps so many tracks of a queue. */
const most = 1000
/** What is left of a track when there is nothing to go on with. */
const endMs = 5000

/** A queue as the server keeps it; null for what it cannot: tracks that a link lets in to. */
export function toKeep(queue: Queue | null, positionMs: number, device: string): NewQueue | null {
  if (queue === null) return { items: [], position_ms: 0, device }
  if (queue.tracks.some((track) => track.link !== undefined)) return null
  // Of a longer one, what comes now and next.
  const first = Math.max(0, Math.min(queue.at, queue.tracks.length - most))
  const items = queue.tracks.slice(first, first + most).map((track) => track.id)
  return { items, current: queue.at - first, position_ms: Math.max(0, Math.round(positionMs)), device }
}

export interface Left {
  queue: Queue
  positionMs: number
}

/** Where the listener left, as far as that may still be heard; null where nothing is left to hear. */
export function leftAt(kept: KeptQueue): Left | null {
  const { current } = kept
  if (current == null) return null
  const known = kept.items.flatMap((item, place): { track: QueuedTrack; place: number }[] => (item.track ? [{ track: item.track, place }] : []))
  const at = known.findIndex(({ place }) => place >= current)
  const there = known[at]
  if (!there) return null
  const positionMs = there.place === current ? kept.position_ms : 0
  const isOver = (there.track.duration_ms ?? Infinity) - positionMs < endMs
  if (isOver && at === known.length - 1) return null
  const queue = { tracks: known.map(({ track }) => track), at: isOver ? at + 1 : at }
  return { queue, positionMs: isOver ? 0 : positionMs }
}

/** What a listener's other devices call this one, such as `Firefox, Linux`. */
export function deviceName(userAgent: string): string {
  const first = (names: readonly (readonly [RegExp, string])[]) => names.find(([pattern]) => pattern.test(userAgent))?.[1]
  const browser = first([[/Edg/, 'Edge'], [/OPR\//, 'Opera'], [/Firefox|FxiOS/, 'Firefox'], [/Chrome|CriOS/, 'Chrome'], [/Safari/, 'Safari']])
  const system = first([[/Android/, 'Android'], [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Windows/, 'Windows'], [/Mac OS/, 'Mac'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']])
  return [browser, system].filter(Boolean).join(', ')
}
