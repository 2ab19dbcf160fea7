import type { Play } from '../../api/types'

/** What the player needs to know of a track before it asks to play it. */
export interface QueuedTrack {
  id: string
  title: string
  artist: Play['track']['artist']
  release: Play['track']['release']
  artwork?: Play['track']['artwork']
  duration_ms?: number | null
  /** The secret of a link to its release, for who listens without an account. */
  link?: string
}

/** The tracks to play in order, and which of them is current. Never empty; `at` is always inside. */
export interface Queue {
  readonly tracks: readonly QueuedTrack[]
  readonly at: number
}

/** A queue of what can be played, from the named track on; null if there is nothing to play. */
export function queueFrom(tracks: readonly (QueuedTrack & { state?: string })[], startId: string | null): Queue | null {
  const playable = tracks.filter((track) => track.state === undefined || track.state === 'ready')
  if (playable.length === 0) return null
  const at = startId === null ? 0 : playable.findIndex((track) => track.id === startId)
  return { tracks: playable, at: Math.max(0, at) }
}

export function currentOf(queue: Queue): QueuedTrack {
  return queue.tracks[queue.at] as QueuedTrack
}

export function nextOf(queue: Queue): QueuedTrack | null {
  return queue.tracks[queue.at + 1] ?? null
}

/** The queue with another track current; null outside of it. */
export function jump(queue: Queue, at: number): Queue | null {
  return at >= 0 && at < queue.tracks.length ? { ...queue, at } : null
}

/** Going back restarts a track that has run for more than three seconds, as every player does. */
export function backOrRestart(queue: Queue, positionMs: number): Queue | 'restart' {
  return positionMs > 3000 ? 'restart' : (jump(queue, queue.at - 1) ?? 'restart')
}
