// Covers are drawn from the title until an artist brings artwork: the same title and
// artist always give the same picture. The artist's name chooses the palette, so that a
// discography looks like one; the title chooses the composition.

/** ground, its deeper shade, and three inks */
type Palette = readonly [string, string, string, string, string]

const palettes: readonly Palette[] = [
  ['#f2e3c6', '#e3c999', '#17313a', '#e4572e', '#2f7f79'],
  ['#14284a', '#0a1424', '#f26b5b', '#f7c59f', '#5aa9c7'],
  ['#ecd9cf', '#d9b8ab', '#3b1f2b', '#b23a48', '#6c8ea0'],
  ['#123a35', '#081a18', '#c8d96f', '#f4f1de', '#e07a5f'],
  ['#f5efe0', '#e6d7b4', '#20252b', '#2a6f97', '#d9822b'],
  ['#2c2054', '#120c26', '#e0b1cb', '#9f86c0', '#f2c14e'],
  ['#dfe7d8', '#b9cbb0', '#1e2f23', '#588157', '#bc4b2f'],
  ['#3a2318', '#170d08', '#f4a259', '#f6e3c5', '#8cb3a4'],
  ['#dfeaf0', '#b4cfdd', '#1b2a3a', '#3d7ea6', '#ff8552'],
  ['#1d2329', '#090b0d', '#e8e3d5', '#d7263d', '#7d8597'],
  ['#f7d9c4', '#efb598', '#402039', '#c9184a', '#5c4d7d'],
  ['#0e4a5a', '#062128', '#f6ae2d', '#f0efe7', '#d1603d'],
]

type Random = () => number
type Composition = (inks: readonly [string, string, string], random: Random) => string

const compositions: readonly Composition[] = [slurs, horizon, tiles, strings, discs, pulses, orbit]

/** An SVG document (400 by 400) that belongs to this title and artist. */
export function coverSvg(title: string, artist: string): string {
  const random = generator(hash(`${artist}\n${title}`))
  const palette = paletteOf(artist)
  const inks = shuffle([palette[2], palette[3], palette[4]], random)
  const compose = compositions[Math.floor(random() * compositions.length)] ?? slurs
  const angle = Math.floor(random() * 90)
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400">' +
    `<defs><linearGradient id="g" gradientTransform="rotate(${angle} .5 .5)"><stop stop-color="${palette[0]}"/><stop offset="1" stop-color="${palette[1]}"/></linearGradient>` +
    `<linearGradient id="i" x2="0" y2="1"><stop stop-color="${inks[0]}"/><stop offset="1" stop-color="${inks[1]}"/></linearGradient></defs>` +
    `<rect width="400" height="400" fill="url(#g)"/>${compose(inks, random)}</svg>`
  )
}

/** The cover as an address for an image element. */
export function coverUrl(title: string, artist: string): string {
  return `data:image/svg+xml,${encodeURIComponent(coverSvg(title, artist))}`
}

/** The colour that stands for an artist, for washes behind a page's head. */
export function coverColour(artist: string): string {
  return paletteOf(artist)[3]
}

/** FNV-1a, 32 bits, with a last stir so that similar titles part ways. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text.normalize('NFC')) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  return (value ^ (value >>> 13)) >>> 0
}

/** Mulberry32: a small repeatable stream of numbers in [0, 1). */
function generator(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function paletteOf(artist: string): Palette {
  return palettes[hash(artist) % palettes.length] as Palette
}

function shuffle(inks: [string, string, string], random: Random): [string, string, string] {
  const turn = Math.floor(random() * 3)
  return [inks[turn % 3], inks[(turn + 1) % 3], inks[(turn + 2) % 3]] as [string, string, string]
}

const n = (value: number) => String(Math.round(value * 10) / 10)
const between = (random: Random, low: number, high: number) => low + random() * (high - low)
const series = (count: number, draw: (index: number) => string) => Array.from({ length: count }, (_, index) => draw(index)).join('')

/** Arcs over arcs, like a phrase in a score. */
function slurs(inks: readonly [string, string, string], random: Random): string {
  const base = between(random, 250, 330)
  const centre = between(random, 120, 200)
  const arcs = (x: number, count: number, ink: string, width: number) =>
    series(count, (index) => {
      const half = 28 + index * 24
      return `<path d="M${n(x - half)} ${n(base)}A${n(half)} ${n(half * 1.15)} 0 0 1 ${n(x + half)} ${n(base)}" fill="none" stroke="${ink}" stroke-width="${n(width)}" stroke-linecap="round"/>`
    })
  const other = centre + between(random, 90, 130)
  return (
    arcs(centre, 7, inks[0], 9) + arcs(other, 5, inks[1], 9) +
    `<circle cx="${n(centre)}" cy="${n(base + 4)}" r="13" fill="${inks[2]}"/><circle cx="${n(other)}" cy="${n(base + 4)}" r="13" fill="${inks[2]}"/>`
  )
}

/** A low sun over slow water. */
function horizon(inks: readonly [string, string, string], random: Random): string {
  const sun = `<circle cx="${n(between(random, 120, 280))}" cy="${n(between(random, 130, 190))}" r="${n(between(random, 78, 112))}" fill="url(#i)"/>`
  const wave = (index: number) => {
    const y = 222 + index * 34
    const swell = between(random, 8, 22)
    const phase = between(random, -100, 0)
    const crest = series(6, (step) => `${step % 2 === 0 ? 'Q' : 'T'}${step % 2 === 0 ? `${n(phase + step * 100 + 50)} ${n(y - swell)} ` : ''}${n(phase + (step + 1) * 100)} ${n(y)}`)
    return `<path d="M${n(phase)} ${n(y)}${crest}V400H${n(phase)}Z" fill="${inks[index % 2 === 0 ? 2 : 1]}" fill-opacity="${n(0.55 + index * 0.1)}"/>`
  }
  return sun + series(5, wave)
}

/** Quarter circles on a grid of four. */
function tiles(inks: readonly [string, string, string], random: Random): string {
  return series(16, (index) => {
    const x = (index % 4) * 100
    const y = Math.floor(index / 4) * 100
    if (random() < 0.14) return `<circle cx="${x + 50}" cy="${y + 50}" r="${n(between(random, 18, 34))}" fill="${inks[2]}"/>`
    const ink = inks[Math.floor(random() * 3)] ?? inks[0]
    const turn = Math.floor(random() * 4) * 90
    return `<path d="M${x - 0.4} ${y - 0.4}h100.8a100.8 100.8 0 0 1-100.8 100.8z" fill="${ink}" transform="rotate(${turn} ${x + 50} ${y + 50})"/>`
  })
}

/** A bundle of strings, each a little later than the one above. */
function strings(inks: readonly [string, string, string], random: Random): string {
  const turns = between(random, 1.1, 2.4)
  const lag = between(random, 0.1, 0.2)
  return series(26, (line) => {
    const swell = 12 + 30 * Math.sin((line / 25) * Math.PI)
    const points = Array.from({ length: 21 }, (_, step) => {
      const y = 62 + line * 11 + Math.sin((step / 20) * Math.PI * 2 * turns + line * lag) * swell
      return `${n(step * 20)} ${n(y)}`
    })
    const ink = line % 9 === 4 ? inks[2] : line < 13 ? inks[0] : inks[1]
    return `<path d="M${points.join('L')}" fill="none" stroke="${ink}" stroke-width="${line % 9 === 4 ? 6 : 3.4}" stroke-linejoin="round"/>`
  })
}

/** Large discs laid over one another. */
function discs(inks: readonly [string, string, string], random: Random): string {
  const turn = between(random, 0, Math.PI * 2)
  const circles = series(3, (index) => {
    const angle = turn + (index * Math.PI * 2) / 3
    return `<circle cx="${n(200 + Math.cos(angle) * 66)}" cy="${n(200 + Math.sin(angle) * 66)}" r="${n(between(random, 96, 124))}" fill="${inks[index]}" fill-opacity=".84"/>`
  })
  return `${circles}<circle cx="200" cy="200" r="${n(between(random, 16, 34))}" fill="url(#g)"/>`
}

/** A waveform's bars before a disc. */
function pulses(inks: readonly [string, string, string], random: Random): string {
  const disc = `<circle cx="${n(between(random, 150, 250))}" cy="200" r="${n(between(random, 105, 135))}" fill="${inks[1]}"/>`
  const bars = series(15, (index) => {
    const height = (40 + 190 * Math.sin(((index + 0.5) / 15) * Math.PI)) * between(random, 0.35, 1)
    return `<rect x="${n(36 + index * 22.2)}" y="${n(200 - height / 2)}" width="12" height="${n(height)}" rx="6" fill="${index % 5 === 2 ? inks[2] : inks[0]}"/>`
  })
  return disc + bars
}

/** Rings around a point that is not the middle. */
function orbit(inks: readonly [string, string, string], random: Random): string {
  const x = between(random, 110, 290)
  const y = between(random, 110, 290)
  const rings = series(11, (index) => {
    const radius = 34 + index * 30
    const length = 2 * Math.PI * radius
    const drawn = length * between(random, 0.3, 0.85)
    return `<circle cx="${n(x)}" cy="${n(y)}" r="${radius}" fill="none" stroke="${inks[index % 3]}" stroke-width="13" stroke-linecap="round" stroke-dasharray="${n(drawn)} ${n(length)}" transform="rotate(${n(between(random, 0, 360))} ${n(x)} ${n(y)})"/>`
  })
  return `${rings}<circle cx="${n(x)}" cy="${n(y)}" r="15" fill="${inks[2]}"/>`
}
