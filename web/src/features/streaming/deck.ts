import type Hls from 'hls.js/light'
import type { Play } from '../../api/types'
import { Gone } from './reel'
import { browserEars, chooseSource, elementVolume, loadHls, type Ears } from './sound'
import { Offline, Tape } from './tape'

export type Fault = 'network' | 'media'

interface DeckListener {
  onChange: (deck: Deck) => void
  onEnded: (deck: Deck) => void
  onFault: (deck: Deck, fault: Fault) => void
  /** The joined track sounds now: it is what the deck plays. */
  onCrossed: (deck: Deck) => void
  /** The joined track will not come. */
  onTorn: (deck: Deck) => void
}

const changes = ['playing', 'pause', 'waiting', 'timeupdate', 'durationchange', 'seeking', 'seeked'] as const

/** One audio element and what it plays. The player has two: one sounds while the other prepares a track that cannot follow on its tape. */
export class Deck {
  readonly audio = document.createElement('audio')
  play: Play | null = null
  /** The listener wants this deck to sound, whether or not data has arrived. */
  wanted = false
  private hls: Hls | null = null
  private tape: Tape | null = null
  /** What follows on the same tape. */
  private joined: Play | null = null
  private load = 0
  private gainDb = 0
  private volume = 1
  private readonly ears: Ears = browserEars()
  private readonly listener: DeckListener

  constructor(listener: DeckListener) {
    this.listener = listener
    this.audio.preload = 'auto'
    this.audio.hidden = true
    document.body.append(this.audio)
    for (const type of changes) this.audio.addEventListener(type, () => listener.onChange(this))
    this.audio.addEventListener('ended', () => listener.onEnded(this))
    this.audio.addEventListener('error', () => this.hls === null && this.audio.getAttribute('src') !== null && listener.onFault(this, this.tape ? 'media' : elementFault(this.audio)))
  }

  /** Gets ready to sound at `atMs`; silent until `start`. False if another load or `clear` came between. */
  async prepare(play: Play, atMs: number, avoidSegments: boolean): Promise<boolean> {
    this.clear()
    const load = this.load
    this.play = play
    this.gainDb = (play.hls ?? play.stream)?.gain_db ?? 0
    this.applyVolume()
    const source = chooseSource(play, this.ears, avoidSegments)
    if (source === null) throw new Error('nothing that this browser can play was granted')
    if (source.way === 'tape') {
      if (!(await this.spool(play, atMs))) return false
    } else if (source.way === 'hls.js') {
      const { default: Hls } = await loadHls()
      if (load !== this.load) return false
      this.attach(new Hls({ enableWorker: false, startPosition: atMs / 1000, maxBufferLength: 60, backBufferLength: 120 }), source.url)
    } else {
      this.audio.src = source.url
      if (atMs > 0) this.audio.addEventListener('loadedmetadata', () => load === this.load && (this.audio.currentTime = atMs / 1000), { once: true })
    }
    return load === this.load
  }

  /** Puts a track of the same release behind this one, without a seam. False where it cannot follow here. */
  async join(play: Play): Promise<boolean> {
    const { load, tape } = this
    if (tape === null || this.play?.track.release.id !== play.track.release.id) return false
    this.joined = play
    const follows = await tape.join(play).catch(() => false)
    if (load !== this.load) return false
    if (!follows && this.joined === play) this.joined = null
    return follows
  }

  /** What was joined and can sound at once. */
  get following(): Play | null {
    return this.joined
  }

  /** Goes to the joined track now, in the middle of this one. */
  advance(): boolean {
    if (this.joined === null || !this.tape?.advance()) return false
    this.cross()
    return true
  }

  /** Sounds as soon as there is data. False where the browser wants a press first. */
  async start(): Promise<boolean> {
    this.wanted = true
    try {
      await this.audio.play()
      return true
    } catch (cause) {
      // AbortError: a pause or another load came first, which has told its own story.
      if (cause instanceof DOMException && cause.name === 'NotAllowedError') {
        this.wanted = false
        return false
      }
      return true
    }
  }

  pause(): void {
    this.wanted = false
    this.audio.pause()
  }

  /** Lets go of the track and its buffers. */
  clear(): void {
    this.load += 1
    this.wanted = false
    this.play = null
    this.joined = null
    this.hls?.destroy()
    this.hls = null
    this.tape?.close()
    this.tape = null
    this.audio.pause()
    if (this.audio.getAttribute('src') !== null) {
      this.audio.removeAttribute('src')
      this.audio.load()
    }
  }

  get positionMs(): number {
    return (this.tape?.position ?? this.audio.currentTime) * 1000
  }

  set positionMs(ms: number) {
    if (this.tape) this.tape.position = ms / 1000
    else this.audio.currentTime = ms / 1000
  }

  /** The track's length; 0 before it is known. */
  get durationMs(): number {
    const seconds = this.tape?.duration ?? this.audio.duration
    return Number.isFinite(seconds) ? seconds * 1000 : 0
  }

  /**
   * The listener's volume, 0 to 1; the track's own gain is applied on top. Tracks of a release that run into each other keep
   * the gain of the one that was begun with: another one would be heard as a step where they meet.
   */
  setVolume(volume: number): void {
    this.volume = volume
    this.applyVolume()
  }

  private applyVolume(): void {
    this.audio.volume = elementVolume(this.volume, this.gainDb)
  }

  /** False when the connection failed, which the listener knows then, or when another load came between. */
  private async spool(play: Play, atMs: number): Promise<boolean> {
    const tape: Tape = new Tape(this.audio, {
      onCrossed: () => this.tape === tape && this.cross(),
      onFault: (fault) => this.tape === tape && this.listener.onFault(this, fault),
      onTorn: () => {
        if (this.tape !== tape) return
        this.joined = null
        this.listener.onTorn(this)
      },
    })
    this.tape = tape
    try {
      await tape.open(play, atMs)
    } catch (cause) {
      if (this.tape !== tape) return false
      this.listener.onFault(this, cause instanceof Gone || cause instanceof Offline ? 'network' : 'media')
      return false
    }
    return this.tape === tape
  }

  private cross(): void {
    if (this.joined === null) return
    this.play = this.joined
    this.joined = null
    this.listener.onCrossed(this)
  }

  private attach(hls: Hls, url: string): void {
    this.hls = hls
    const { Events, ErrorTypes } = hls.constructor as typeof Hls
    hls.on(Events.ERROR, (_event, data) => {
      if (!data.fatal || this.hls !== hls) return
      this.listener.onFault(this, data.type === ErrorTypes.NETWORK_ERROR ? 'network' : 'media')
    })
    hls.on(Events.MANIFEST_PARSED, () => leaveLossless(hls))
    hls.attachMedia(this.audio)
    hls.loadSource(url)
  }
}

function isLossless(codec: string | undefined): boolean {
  return codec?.toLowerCase() === 'flac'
}

/** Lossless variants cost several times the data: a listener has to ask for them, and bandwidth alone is no such wish. */
export function leaveLossless(hls: Pick<Hls, 'levels' | 'removeLevel'>): void {
  if (hls.levels.every((level) => isLossless(level.audioCodec))) return
  for (let index = hls.levels.length - 1; index >= 0; index -= 1) {
    if (isLossless(hls.levels[index]?.audioCodec)) hls.removeLevel(index)
  }
}

/** A whole file that the server refuses (an expired grant) reads as "not supported": asking anew tells which it was. */
function elementFault(audio: HTMLAudioElement): Fault {
  return audio.error?.code === MediaError.MEDIA_ERR_DECODE ? 'media' : 'network'
}
