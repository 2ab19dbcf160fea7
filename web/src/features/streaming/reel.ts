import type { Play } from '../../api/types'
import { clockOf, decodeTimeOf } from './boxes'
import { affordable, segmentsOf, variantsOf, withoutLossless, type Segments, type Variant } from './playlist'

export interface Fetched {
  bytes: ArrayBuffer
  /** What the connection carried meanwhile. */
  bps: number
}

/** Fetches from the server; the refusal of it is a `Gone`, which asking again does not change. */
export type Fetch = (url: string, stop?: AbortSignal) => Promise<Fetched>

/** The server will not give it: the grant ran out, or the track is no longer there for this listener. */
export class Gone extends Error {}

/** A track on the tape: where it lies, its segments, and which of them are in the buffer. */
export class Reel {
  readonly have = new Set<number>()
  readonly bytes: number[] = []
  /** Where each segment begins on the tape, in seconds; one more for where the last one ends. */
  readonly starts: number[]
  readonly codec: string
  dropped = false
  /** How far into its track the first segment lies, in seconds: a preview begins in the middle. */
  shift = 0
  private readonly playlists = new Map<Variant, Promise<Segments>>()
  private readonly inits = new Map<Variant, Promise<ArrayBuffer>>()
  private arrive: (whether: boolean) => void = () => undefined
  /** True when its first segment is in the buffer, false when it will not come. */
  readonly arrived = new Promise<boolean>((resolve) => { this.arrive = resolve })

  private constructor(
    readonly play: Play,
    readonly start: number,
    private readonly variants: Variant[],
    lengths: { seconds: number; preSkip: number }[],
    private readonly fetch: Fetch,
  ) {
    this.codec = (variants[0] as Variant).codec
    this.starts = [start]
    let at = start
    for (const { seconds, preSkip } of lengths) this.starts.push((at += seconds - preSkip))
  }

  /** Reads a play's playlists; it will lie on the tape from `start` on. Null where none of its codecs is among `codecs`. */
  static async open(play: Play, start: number, codecs: (codec: string) => boolean, measuredBps: number | null, fetch: Fetch): Promise<Reel | null> {
    if (!play.hls) return null
    const master = new URL(play.hls.url, window.location.href).href
    const hearable = withoutLossless(variantsOf(textOf(await fetch(master)), master).filter(({ codec }) => codecs(codec)))
    const variants = hearable.filter(({ codec }) => codec === hearable[0]?.codec)
    const variant = affordable(variants, measuredBps)
    if (variant === null) return null
    const segments = segmentsOf(textOf(await fetch(variant.url)), variant.url)
    const init = fetch(segments.init).then(({ bytes }) => bytes)
    const { timescaleHz, preSkip } = clockOf(await init)
    const first = play.preview && segments.list[0] ? decodeTimeOf((await fetch(segments.list[0].url)).bytes) : 0
    // The playlist rounds to microseconds, the sum has to be exact to the sample.
    const lengths = segments.list.map(({ seconds }, index) => ({
      seconds: Math.round(seconds * timescaleHz) / timescaleHz,
      preSkip: index === 0 && first === 0 ? preSkip / timescaleHz : 0,
    }))
    const reel = new Reel(play, start, variants, lengths, fetch)
    reel.shift = first === 0 ? 0 : (first - preSkip) / timescaleHz
    reel.playlists.set(variant, Promise.resolve(segments))
    reel.inits.set(variant, init)
    return reel
  }

  get end(): number {
    return this.starts.at(-1) as number
  }

  get segments(): number {
    return this.starts.length - 1
  }

  /** The segment in which this moment of the tape lies, or the nearest. */
  segmentAt(seconds: number): number {
    const after = this.starts.findIndex((start) => start > seconds)
    return after < 0 ? this.segments - 1 : Math.max(0, after - 1)
  }

  /** A segment in as many bits as the connection carries, and the init segment that belongs before it. */
  async fetchSegment(index: number, measuredBps: number | null, stop: AbortSignal): Promise<{ init: ArrayBuffer; segment: Fetched }> {
    const variant = affordable(this.variants, measuredBps) as Variant
    const playlist = await kept(this.playlists, variant, async () => segmentsOf(textOf(await this.fetch(variant.url)), variant.url))
    const entry = playlist.list[index]
    if (!entry) throw new Gone('the variants of a track have the same segments')
    const init = kept(this.inits, variant, async () => (await this.fetch(playlist.init)).bytes)
    const [bytes, segment] = await Promise.all([init, this.fetch(entry.url, stop)])
    return { init: bytes, segment }
  }

  keep(index: number, bytes: number): void {
    this.have.add(index)
    this.bytes[index] = bytes
    if (index === 0) this.arrive(true)
  }

  drop(): void {
    this.dropped = true
    this.arrive(false)
  }
}

function textOf({ bytes }: Fetched): string {
  return new TextDecoder().decode(bytes)
}

/** What was promised once is kept; a promise that was broken is made anew the next time. */
function kept<K, V>(promises: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const known = promises.get(key)
  if (known) return known
  const made = make()
  promises.set(key, made)
  made.catch(() => promises.delete(key))
  return made
}
