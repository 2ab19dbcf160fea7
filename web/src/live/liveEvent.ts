import type { Notification, TrackProgress } from '../api/types'

export type LiveEvent = { type: 'track.progress'; progress: TrackProgress } | { type: 'notification'; notification: Notification } | { type: 'stream.ended'; playIds: string[] } | { type: 'room'; roomId: string } | { type: 'now_playing' } | { type: 'queue.handed_over'; playerId: string }

/** The events of the live channel that this page listens for. */
export const liveEventTypes = ['track.progress', 'notification', 'stream.ended', 'room.playback', 'room.changed', 'room.closed', 'queue.handed_over', 'now_playing'] as const

/** Reads one message of the channel; null for what is malformed or unknown, which a newer server may send. */
export function readLiveEvent(type: string, data: string): LiveEvent | null {
  let body: unknown
  try {
    body = JSON.parse(data)
  } catch {
    return null
  }
  if (typeof body !== 'object' || body === null) return null
  if (type === 'track.progress' && 'track_id' in body && 'state' in body) return { type, progress: body as TrackProgress }
  if (type === 'notification' && 'id' in body && 'title' in body) return { type, notification: body as Notification }
  if (type === 'stream.ended' && 'play_ids' in body && Array.isArray(body.play_ids)) return { type, playIds: body.play_ids.map(String) }
  if (type.startsWith('room.') && 'room_id' in body) return { type: 'room', roomId: String(body.room_id) }
  if (type === 'now_playing') return { type }
  if (type === 'queue.handed_over' && 'player_id' in body) return { type, playerId: String(body.player_id) }
  return null
}

/** Milliseconds to wait before the next attempt: doubling from one second to thirty, with jitter so that listeners do not return as one. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(30_000, 1000 * 2 ** attempt)
  return longest / 2 + (random() * longest) / 2
}
