import type { Play } from '../../api/types'
import { wholeLastPacket } from './boxes'
import { Gone, Reel, type Fetched } from './reel'

/** How far ahead of the music the buffer is filled, and how much stays behind it. */
const aheadS = 60
const behindS = 30
/** Chromium keeps 12 MB of sound and throws away what it likes beyond: stay well below. */
const aheadBytes = 6_000_000
/** A segment that takes longer will not come any more. */
const patienceMs = 20_000

export interface TapeListener {
  /** The next track sounds now. */
  onCrossed: () => void
  /** The track that sounds cannot go on: of the connection, or of what it holds. */
  onFault: (fault: 'network' | 'media') => void
  /** The next track, which had been joined, will not come. */
  onTorn: () => void
}

/**
 * Tracks one behind the other in one SourceBuffer, without a sample between them (docs/API.md, "Gapless").
 * One loop fetches what is wanted next and appends it; everything else changes what is wanted and wakes it.
 */
export class Tape {
  /** The track that sounds, and the one that follows where it was joined. */
  private readonly reels: Reel[] = []
  private readonly media = new MediaSource()
  private readonly end = new AbortController()
  private buffer: SourceBuffer | null = null
  /** What is being fetched, and how to stop that. */
  private under: { reel: Reel; index: number; stop: AbortController } | null = null
  private lastInit: ArrayBuffer | null = null
  private measuredBps: number | null = null
  private wake: () => void = () => undefined
  /** The place to begin at, until the element knows of it. */
  private from: number | null = null
  private attempts = 0

  constructor(private readonly audio: HTMLAudioElement, private readonly listener: TapeListener) {
    const { signal } = this.end
    audio.addEventListener('timeupdate', () => this.moved(), { signal })
    audio.addEventListener('seeking', () => this.sought(), { signal })
    audio.addEventListener('loadedmetadata', () => this.placed(), { signal, once: true })
  }

  static canPlay(codec: string): boolean {
    return typeof MediaSource !== 'undefined' && MediaSource.isTypeSupported(`audio/mp4; codecs="${codec}"`)
  }

  /** Puts the first track on, to begin at `atMs`. */
  async open(play: Play, atMs: number): Promise<void> {
    const url = URL.createObjectURL(this.media)
    const opened = new Promise<void>((resolve) => { this.media.addEventListener('sourceopen', () => resolve(), { once: true }) })
    this.audio.src = url
    try {
      const [reel] = await Promise.all([this.read(play, 0), opened])
      if (this.closed) return
      if (reel === null) throw new Error('nothing that this browser can play was granted')
      this.buffer = this.media.addSourceBuffer(`audio/mp4; codecs="${reel.codec}"`)
      this.media.duration = reel.end
      this.from = Math.min(atMs / 1000, reel.end)
      this.reels.push(reel)
      void this.run()
    } finally {
      URL.revokeObjectURL(url)
    }
  }

  /** Puts another track behind the one that sounds. True when it has begun to arrive, false when it cannot follow here. */
  async join(play: Play): Promise<boolean> {
    const [sounding, following] = this.reels
    if (!sounding || following || this.closed) return false
    const reel = await this.read(play, sounding.end)
    if (this.closed || reel === null || reel.codec !== sounding.codec || this.reels[0] !== sounding || this.reels.length > 1) return false
    this.reels.push(reel)
    this.wake()
    return reel.arrived
  }

  /** Goes to the joined track at once. False where there is none. */
  advance(): boolean {
    const following = this.reels[1]
    if (!following?.have.has(0)) return false
    this.reels.shift()
    this.audio.currentTime = following.start
    return true
  }

  /** Where the track that sounds is, in seconds. */
  get position(): number {
    const reel = this.reels[0]
    return reel ? Math.max(0, Math.min(this.now, reel.end) - reel.start) : 0
  }

  set position(seconds: number) {
    const reel = this.reels[0]
    if (!reel) return
    const target = Math.min(reel.start + Math.max(0, seconds), reel.end)
    if (this.from !== null) this.from = target
    else this.audio.currentTime = target
  }

  /** The length of the track that sounds, in seconds; 0 before it is known. */
  get duration(): number {
    const reel = this.reels[0]
    return reel ? reel.end - reel.start : 0
  }

  close(): void {
    this.end.abort()
    this.under?.stop.abort()
    for (const reel of this.reels) reel.drop()
    this.wake()
  }

  private get closed(): boolean {
    return this.end.signal.aborted
  }

  private get now(): number {
    return this.from ?? this.audio.currentTime
  }

  private async read(play: Play, start: number, attempt = 1): Promise<Reel | null> {
    try {
      return await Reel.open(play, start, (codec) => Tape.canPlay(codec), this.measuredBps, (url, stop) => this.fetch(url, stop))
    } catch (cause) {
      if (!(cause instanceof Offline) || attempt > 3 || this.closed) throw cause
      await this.rest(attempt)
      return this.read(play, start, attempt + 1)
    }
  }

  private placed(): void {
    const from = this.from
    this.from = null
    if (from !== null && from > 0) this.audio.currentTime = from
  }

  private moved(): void {
    const following = this.reels[1]
    if (following?.have.has(0) && this.now >= following.start) {
      this.reels.shift()
      this.listener.onCrossed()
    }
    this.wake()
  }

  /** Another place: what is not there is wanted first, and what is on its way but far from it is let go. */
  private sought(): void {
    const { now } = this
    const reel = this.reels[0]
    if (reel && now < reel.end && !this.holds(now)) reel.have.delete(reel.segmentAt(now))
    const wanted = this.wanted()
    if (this.under && (wanted?.reel !== this.under.reel || wanted.index !== this.under.index)) this.under.stop.abort()
    this.wake()
  }

  private holds(seconds: number): boolean {
    const { buffered } = this.audio
    return Array.from({ length: buffered.length }, (_, index) => index).some((index) => buffered.start(index) <= seconds + 0.001 && seconds < buffered.end(index))
  }

  /** Seconds of music that are in the buffer from here on. */
  private get ahead(): number {
    const { buffered } = this.audio
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= this.now + 0.001 && this.now < buffered.end(index)) return buffered.end(index) - this.now
    }
    return 0
  }

  /** The first segment from here on that is not there; null when there is enough. */
  private wanted(): { reel: Reel; index: number } | null {
    let bytes = 0
    for (const reel of this.reels) {
      for (let index = reel.segmentAt(this.now); index < reel.segments; index += 1) {
        if (!reel.have.has(index)) return { reel, index }
        bytes += reel.bytes[index] ?? 0
        if ((reel.starts[index + 1] as number) > this.now + aheadS || bytes > aheadBytes) return null
      }
    }
    return null
  }

  /** One thing after the other, for a buffer does but one at a time. */
  private async run(): Promise<void> {
    if (this.closed) return
    const woken = new Promise<void>((resolve) => { this.wake = resolve })
    try {
      await this.forgetDropped()
      await this.forgetBehind()
      const wanted = this.wanted()
      if (wanted) {
        await this.add(wanted.reel, wanted.index)
      } else {
        this.endWhenWhole()
        await woken
      }
    } catch (cause) {
      if (!this.closed) await this.failed(cause)
    }
    // Not awaited: a chain of promises would grow as long as the music.
    void this.run()
  }

  private async add(reel: Reel, index: number): Promise<void> {
    const stop = new AbortController()
    this.under = { reel, index, stop }
    try {
      const stopped = new Promise<never>((_, reject) => { stop.signal.addEventListener('abort', () => reject(new DOMException('not wanted any more', 'AbortError'))) })
      const { init, segment } = await Promise.race([reel.fetchSegment(index, this.measuredBps, stop.signal), stopped])
      if (this.closed || reel.dropped) return
      this.attempts = 0
      this.measuredBps = this.measuredBps === null ? segment.bps : this.measuredBps * 0.7 + segment.bps * 0.3
      const last = index === reel.segments - 1
      if (last && reel.codec === 'opus') wholeLastPacket(segment.bytes)
      this.aim(reel)
      if (this.lastInit !== init) {
        this.lastInit = null
        await this.append(init)
        this.lastInit = init
      }
      await this.append(segment.bytes)
      reel.keep(index, segment.bytes.byteLength)
    } finally {
      this.under = null
    }
  }

  /** Tells the buffer where this track lies, and that nothing of it may sound outside of there. */
  private aim(reel: Reel): void {
    const buffer = this.buffer as SourceBuffer
    const offset = reel.start - reel.shift
    if (buffer.timestampOffset === offset && buffer.appendWindowEnd === reel.end && this.media.readyState === 'open') return
    // Also opens again what was whole.
    buffer.timestampOffset = offset
    if (this.media.duration < reel.end) this.media.duration = reel.end
    buffer.appendWindowStart = 0
    buffer.appendWindowEnd = reel.end
    buffer.appendWindowStart = reel.start
  }

  private append(bytes: ArrayBuffer): Promise<void> {
    return this.change((buffer) => buffer.appendBuffer(bytes))
  }

  private async change(what: (buffer: SourceBuffer) => void): Promise<void> {
    const buffer = this.buffer as SourceBuffer
    const done = new Promise<void>((resolve, reject) => {
      const listening = new AbortController()
      const settle = (then: () => void) => () => {
        listening.abort()
        then()
      }
      buffer.addEventListener('updateend', settle(resolve), { signal: listening.signal })
      buffer.addEventListener('error', settle(() => reject(new Error('the browser does not take the sound'))), { signal: listening.signal })
      this.end.signal.addEventListener('abort', settle(() => reject(new Error('closed'))), { signal: listening.signal })
      if (this.closed) settle(() => reject(new Error('closed')))()
    })
    try {
      what(buffer)
    } catch (cause) {
      done.catch(() => undefined)
      throw cause
    }
    await done
  }

  /** Frees what was heard long ago; whoever goes back there waits for it again. */
  private async forgetBehind(): Promise<void> {
    const { buffered } = this.buffer as SourceBuffer
    const cut = this.now - behindS
    if (buffered.length === 0 || buffered.start(0) > cut - 10) return
    for (const reel of this.reels) {
      for (const index of reel.have) if ((reel.starts[index] as number) < cut) reel.have.delete(index)
    }
    await this.change((buffer) => buffer.remove(0, cut))
  }

  private async forgetDropped(): Promise<void> {
    const following = this.reels[1]
    if (!following?.dropped) return
    this.reels.pop()
    if (following.have.size === 0 || this.now >= following.start) return
    await this.change((buffer) => buffer.remove(following.start, Infinity))
    this.media.duration = following.start
  }

  /** So that the element ends where the last track does. */
  private endWhenWhole(): void {
    const last = this.reels.at(-1)
    if (last?.have.has(last.segments - 1) && this.media.readyState === 'open') this.media.endOfStream()
  }

  private async failed(cause: unknown): Promise<void> {
    if (cause instanceof DOMException && cause.name === 'AbortError') return
    const following = this.reels[1]
    if (cause instanceof Offline && (this.attempts < 5 || this.ahead > 1)) {
      this.attempts += 1
      await this.rest(this.attempts)
    } else if (following && this.wanted()?.reel === following) {
      // What sounds goes on to its end; the next track's turn will tell what is wrong with it.
      following.drop()
      this.listener.onTorn()
    } else {
      this.close()
      this.listener.onFault(cause instanceof Offline || cause instanceof Gone ? 'network' : 'media')
    }
  }

  private async fetch(url: string, stop?: AbortSignal): Promise<Fetched> {
    const began = performance.now()
    const giveUp = new AbortController()
    const listening = new AbortController()
    for (const signal of [this.end.signal, stop]) signal?.addEventListener('abort', () => giveUp.abort(), { signal: listening.signal })
    const patience = setTimeout(() => giveUp.abort(), patienceMs)
    try {
      const answer = await fetch(url, { signal: giveUp.signal })
      if (answer.status >= 500 || answer.status === 429) throw new Offline(`the server answered ${answer.status}`)
      if (!answer.ok) throw new Gone(`the server answered ${answer.status}`)
      const bytes = await answer.arrayBuffer()
      return { bytes, bps: (bytes.byteLength * 8000) / Math.max(1, performance.now() - began) }
    } catch (cause) {
      throw cause instanceof Gone ? cause : new Offline('the connection was lost', { cause })
    } finally {
      clearTimeout(patience)
      listening.abort()
    }
  }

  private rest(attempts: number): Promise<void> {
    return new Promise((resolve) => { setTimeout(resolve, Math.min(4000, 250 * 2 ** attempts)) })
  }
}

/** The connection or the server is gone for now. */
export class Offline extends Error {}
