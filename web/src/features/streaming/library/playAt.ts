import { currentTrack, goOn, seek, usePlayer } from '../player'
import { queueFrom, type QueuedTrack } from '../queue'
import { placeIn } from './bookmarks'

/** Plays from a place in one of these tracks on. Where it is the current track already, what is lined up around it stays. */
export function playAt(tracks: readonly (QueuedTrack & { state?: string })[], id: string, positionMs: number): void {
  const state = usePlayer.getState()
  const current = currentTrack(state)
  if (current?.id === id && (state.status === 'playing' || state.status === 'loading')) return seek(positionMs)
  const queue = current?.id === id ? state.queue : queueFrom(tracks, id)
  const track = tracks.find((one) => one.id === id)
  if (queue && track) goOn(queue, placeIn(track, positionMs))
}
