/** The little of HLS (RFC 8216) that the server's playlists use: variants of one codec each, and whole segments in files. */

export interface Variant {
  url: string
  bandwidthBps: number
  /** As MSE names it: `opus`, `flac`. */
  codec: string
}

/** The variants of a master playlist, in its order: it begins with what a listener should hear first. */
export function variantsOf(text: string, base: string): Variant[] {
  const lines = text.split('\n').map((line) => line.trim())
  return lines.flatMap((line, at) => {
    const url = lines[at + 1]
    const codec = /CODECS="([^"]+)"/.exec(line)?.[1]
    const bandwidth = /[:,]BANDWIDTH=(\d+)/.exec(line)?.[1]
    if (!line.startsWith('#EXT-X-STREAM-INF:') || !url || !codec || !bandwidth) return []
    return [{ url: new URL(url, base).href, bandwidthBps: Number(bandwidth), codec: codec.toLowerCase() }]
  })
}

export interface Segments {
  init: string
  list: { url: string; seconds: number }[]
}

/** The segments of a media playlist. */
export function segmentsOf(text: string, base: string): Segments {
  const lines = text.split('\n').map((line) => line.trim())
  const init = lines.map((line) => /^#EXT-X-MAP:URI="([^"]+)"/.exec(line)?.[1]).find((uri) => uri !== undefined)
  if (init === undefined) throw new Error('a playlist without an init segment')
  const list = lines.flatMap((line, at) => {
    const seconds = /^#EXTINF:([\d.]+)/.exec(line)?.[1]
    const url = lines[at + 1]
    return seconds === undefined || !url ? [] : [{ url: new URL(url, base).href, seconds: Number(seconds) }]
  })
  if (list.length === 0) throw new Error('a playlist without segments')
  return { init: new URL(init, base).href, list }
}

/** Lossless costs several times the data: a listener has to ask for it, and bandwidth alone is no such wish. */
export function withoutLossless<T extends { codec: string }>(variants: readonly T[]): T[] {
  const lossy = variants.filter(({ codec }) => codec !== 'flac')
  return lossy.length > 0 ? lossy : [...variants]
}

/** The best variant that seven tenths of the measured rate carry; the first one while nothing was measured. */
export function affordable<T extends { bandwidthBps: number }>(variants: readonly T[], measuredBps: number | null): T | null {
  if (measuredBps === null) return variants[0] ?? null
  const byRate = variants.toSorted((one, other) => other.bandwidthBps - one.bandwidthBps)
  return byRate.find(({ bandwidthBps }) => bandwidthBps <= measuredBps * 0.7) ?? byRate.at(-1) ?? null
}
