import { artworkUrl } from '../../ui/artwork'
import { coverUrl } from '../../ui/cover'
import { currentTrack, livePositionMs, next, pause, previous, seek, seekBy, stop, toggle, usePlayer, type PlayerState } from './player'

/** Tells the system (lock screen, headset, keyboard) what plays, and obeys its buttons. */
export function followMediaSession(): void {
  if (!('mediaSession' in navigator)) return
  const session = navigator.mediaSession
  const actions: [MediaSessionAction, MediaSessionActionHandler][] = [
    ['play', resume],
    ['pause', pause],
    ['stop', stop],
    ['previoustrack', previous],
    ['nexttrack', next],
    ['seekbackward', (details) => seekBy(-(details.seekOffset ?? 10) * 1000)],
    ['seekforward', (details) => seekBy((details.seekOffset ?? 10) * 1000)],
    ['seekto', (details) => details.seekTime !== undefined && seek(details.seekTime * 1000)],
  ]
  for (const [action, handler] of actions) {
    try {
      session.setActionHandler(action, handler)
    } catch {
      // This browser does not know the action.
    }
  }
  usePlayer.subscribe((state, before) => follow(session, state, before))
}

function resume(): void {
  if (usePlayer.getState().status !== 'playing') toggle()
}

function follow(session: MediaSession, state: PlayerState, before: PlayerState): void {
  const track = currentTrack(state)
  if (track !== currentTrack(before)) void describe(session, state)
  if (state.status !== before.status) session.playbackState = track === null ? 'none' : state.status === 'playing' ? 'playing' : 'paused'
  if (state.status !== before.status || state.durationMs !== before.durationMs || track !== currentTrack(before)) locate(session, state)
}

function locate(session: MediaSession, { durationMs }: PlayerState): void {
  if (durationMs <= 0) return
  session.setPositionState({ duration: durationMs / 1000, position: Math.min(livePositionMs(), durationMs) / 1000 })
}

async function describe(session: MediaSession, state: PlayerState): Promise<void> {
  const track = currentTrack(state)
  if (track === null) {
    session.metadata = null
    return
  }
  const words = { title: track.title, artist: track.artist.name, album: track.release.title }
  session.metadata = new MediaMetadata(words)
  if (track.artwork) {
    const artwork = track.artwork
    session.metadata = new MediaMetadata({ ...words, artwork: [128, 256, 512].map((size) => ({ src: artworkUrl(artwork, size), sizes: `${size}x${size}` })) })
    return
  }
  const picture = await coverPng(track.release.title, track.artist.name)
  if (picture === null) return
  if (currentTrack(usePlayer.getState()) !== track) return URL.revokeObjectURL(picture)
  session.metadata = new MediaMetadata({ ...words, artwork: [{ src: picture, sizes: '512x512', type: 'image/png' }] })
  if (shown !== null) URL.revokeObjectURL(shown)
  shown = picture
}

/** The address of the picture that the system shows now. */
let shown: string | null = null

/** The drawn cover as PNG, since systems show no SVG; null where it cannot be drawn. Music comes first. */
async function coverPng(title: string, artist: string): Promise<string | null> {
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const picture = new Image(512, 512)
  picture.src = coverUrl(title, artist)
  try {
    await picture.decode()
  } catch {
    return null
  }
  const canvas = document.createElement('canvas')
  canvas.width = 512
  canvas.height = 512
  canvas.getContext('2d')?.drawImage(picture, 0, 0, 512, 512)
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'))
  return png && URL.createObjectURL(png)
}
