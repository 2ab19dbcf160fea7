import { describe, expect, it } from 'vitest'
import { clockOf, decodeTimeOf, wholeLastPacket } from './boxes'

/** A box of numbers of 32 bits, and of other boxes. */
function box(name: string, ...content: (number | Uint8Array)[]): Uint8Array {
  const parts = content.map((part) => (typeof part === 'number' ? words(part) : part))
  const size = 8 + parts.reduce((sum, part) => sum + part.length, 0)
  return join(words(size), new TextEncoder().encode(name), ...parts)
}

function words(...numbers: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(numbers.length * 4))
  numbers.forEach((number, at) => view.setUint32(at * 4, number))
  return new Uint8Array(view.buffer)
}

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const bytes = (array: Uint8Array): ArrayBuffer => array.slice().buffer as ArrayBuffer

function init(edits?: Uint8Array): ArrayBuffer {
  const media = box('mdia', box('mdhd', 0, 0, 0, 48_000, 0, 0))
  return bytes(join(box('ftyp', 1), box('moov', box('mvhd', 0), edits ? box('trak', box('edts', edits), media) : box('trak', media))))
}

describe('the clock of an init segment', () => {
  it('knows the pre-skip', () => expect(clockOf(init(box('elst', 0, 1, 0, 312, 0x1_0000)))).toEqual({ timescaleHz: 48_000, preSkip: 312 }))
  it('reads long edit lists', () => expect(clockOf(init(box('elst', 0x100_0000, 1, 0, 0, 0, 312, 0x1_0000)))).toEqual({ timescaleHz: 48_000, preSkip: 312 }))
  it('has none without an edit list', () => expect(clockOf(init())).toEqual({ timescaleHz: 48_000, preSkip: 0 }))
  it('is refused where there is none', () => expect(() => clockOf(bytes(box('moov', box('trak'))))).toThrow())
  it('does not follow a box that leads out of its own', () => {
    const broken = init()
    new DataView(broken).setUint32(0, 0xffff)
    expect(() => clockOf(broken)).toThrow()
  })
})

const segment = (...run: number[]) => bytes(join(box('moof', box('mfhd', 0, 1), box('traf', box('tfhd', 0x02_0008, 1, 960), box('trun', ...run))), box('mdat')))

describe('the last packet', () => {
  it('gets its whole duration back', () => {
    // Two packets, each with a duration and a size.
    const given = segment(0x301, 2, 99, 960, 100, 147, 80)
    wholeLastPacket(given)
    expect(given).toEqual(segment(0x301, 2, 99, 960, 100, 960, 80))
  })
  it('is left alone where it was whole', () => {
    const given = segment(0x201, 2, 99, 100, 80)
    wholeLastPacket(given)
    expect(given).toEqual(segment(0x201, 2, 99, 100, 80))
  })
  it('is left alone where the run tells of more than there is', () => {
    const given = segment(0x301, 9, 99, 960, 100, 147, 80)
    wholeLastPacket(given)
    expect(given).toEqual(segment(0x301, 9, 99, 960, 100, 147, 80))
  })
})

const timed = (...time: number[]) => bytes(box('moof', box('mfhd', 0, 1), box('traf', box('tfhd', 0, 1), box('tfdt', ...time))))

describe('decodeTimeOf', () => {
  it('reads both lengths of a time', () => {
    expect(decodeTimeOf(timed(0, 672_000))).toBe(672_000)
    expect(decodeTimeOf(timed(0x0100_0000, 1, 5))).toBe(2 ** 32 + 5)
  })
  it('says when there is none', () => expect(() => decodeTimeOf(bytes(box('moof', box('traf'))))).toThrow('tfdt'))
})
