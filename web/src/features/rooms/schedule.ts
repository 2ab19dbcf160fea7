import type { RoomPlayback } from '../../api/types'

/** What is heard in a room at a moment. */
export interface Moment {
  /** Which of the items, counted from 0. */
  index: number
  ms: number
  playing: boolean
}

/** What is heard at a moment of the server's clock: from track to track by their lengths, until the last one ends. */
export function heardAt(playback: RoomPlayback, durationsMs: readonly number[], serverMs: number): Moment {
  let index = playback.current
  if (!playback.is_playing) return { index, ms: playback.position_ms, playing: false }
  let ms = playback.position_ms + Math.max(0, serverMs - Date.parse(playback.anchored_at))
  for (;;) {
    const duration = durationsMs[index] ?? 0
    if (ms < duration) return { index, ms, playing: true }
    if (index + 1 >= durationsMs.length) return { index, ms: duration, playing: false }
    ms -= duration
    index += 1
  }
}

/** What it takes to get back in step: another place, or another pace for a while. */
export type Step = { seek: true } | { seek: false; rate: number }

/** Farther off than this it jumps: nobody hears a room with an echo. */
const jumpMs = 250
/** Nearer than this it is in step. */
const nearMs = 12

/** `driftMs` is how far it is ahead. */
export function stepFor(driftMs: number): Step {
  if (Math.abs(driftMs) > jumpMs) return { seek: true }
  if (Math.abs(driftMs) < nearMs) return { seek: false, rate: 1 }
  // A twentieth at the most, which few hear: 100 ms are caught up in two seconds.
  return { seek: false, rate: 1 - Math.max(-0.05, Math.min(0.05, driftMs / 1500)) }
}

/** How far the server's clock is ahead of this one, by the question that was answered soonest. */
export function offsetOf(samples: readonly { sentMs: number; heardMs: number; serverMs: number }[]): number {
  const soonest = samples.reduce((best, sample) => (sample.heardMs - sample.sentMs < best.heardMs - best.sentMs ? sample : best))
  return soonest.serverMs - (soonest.sentMs + soonest.heardMs) / 2
}
