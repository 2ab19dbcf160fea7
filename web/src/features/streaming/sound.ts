import type { Play } from '../../api/types'

/** The part of a browser that decides what it can play; a parameter, so that tests need no browser. */
export interface Ears {
  /** Media Source Extensions take this type. */
  mse: (mime: string) => boolean
  /** They are the whole ones, which append where we want it; an iPhone has only managed ones. */
  tape: boolean
  /** An audio element plays a whole file of this type. */
  element: (mime: string) => boolean
  /** An audio element plays HLS by itself, and well: Safari, which also has ManagedMediaSource. */
  nativeHls: boolean
}

const segmented = ['audio/mp4; codecs=opus', 'audio/mp4; codecs=flac', 'audio/mp4; codecs=mp4a.40.2']
const whole = ['audio/ogg; codecs=opus', 'audio/ogg; codecs=vorbis', 'audio/webm; codecs=opus', 'audio/flac', 'audio/mpeg', 'audio/wav', ...segmented]

/** The types to name in `POST /plays`, best first. */
export function acceptList(ears: Ears): string[] {
  return [...new Set([...segmented.filter((mime) => ears.mse(mime)), ...whole.filter((mime) => ears.element(mime))])]
}

export interface Source {
  way: 'tape' | 'hls.js' | 'native-hls' | 'file'
  url: string
}

/** How to play what was granted: segments on a tape, by hls.js where the tape cannot be, native HLS where that is good, else the whole file. */
export function chooseSource(play: Pick<Play, 'stream' | 'hls'>, ears: Ears, avoidSegments = false): Source | null {
  if (play.hls && !avoidSegments) {
    if (segmented.some((mime) => ears.mse(mime))) return { way: ears.tape ? 'tape' : 'hls.js', url: play.hls.url }
    if (ears.nativeHls) return { way: 'native-hls', url: play.hls.url }
  }
  return play.stream ? { way: 'file', url: play.stream.url } : null
}

let ears: Ears | null = null

/** The ears of this browser, asked once: the first question makes it load its decoders. */
export function browserEars(): Ears {
  ears ??= listen()
  return ears
}

function listen(): Ears {
  const probe = document.createElement('audio')
  const managed = (globalThis as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource
  const source = typeof MediaSource === 'undefined' ? managed : MediaSource
  return {
    tape: typeof MediaSource !== 'undefined',
    mse: (mime) => source?.isTypeSupported(mime) ?? false,
    element: (mime) => probe.canPlayType(mime) !== '',
    nativeHls: managed !== undefined && probe.canPlayType('application/vnd.apple.mpegurl') !== '',
  }
}

/**
 * The element's volume for the listener's setting (0 to 1) and a track's gain.
 * The setting is squared, because loudness is heard that way; the gain may only attenuate.
 */
export function elementVolume(setting: number, gainDb: number): number {
  const gain = Number.isFinite(gainDb) ? 10 ** (Math.min(0, gainDb) / 20) : 1
  return Math.min(1, Math.max(0, setting) ** 2 * gain)
}

type HlsModule = typeof import('hls.js/light')
let hlsModule: Promise<HlsModule> | null = null

/** hls.js, for browsers with managed media sources alone; fetched once, when a pointer nears a play button. */
export function loadHls(): Promise<HlsModule> {
  hlsModule ??= import('hls.js/light').catch((cause: unknown) => {
    hlsModule = null // A lost connection: the next press tries again.
    throw cause
  })
  return hlsModule
}
