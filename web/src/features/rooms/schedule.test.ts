import { describe, expect, it } from 'vitest'
import { heardAt, offsetOf, stepFor } from './schedule'

const anchored = Date.parse('2026-11-29T12:00:00Z')
const playback = { current: 0, position_ms: 1000, is_playing: true, anchored_at: '2026-11-29T12:00:00Z', version: 1 }

describe('what is heard in a room', () => {
  it('goes from track to track by their lengths', () => {
    expect(heardAt(playback, [5000, 3000], anchored)).toEqual({ index: 0, ms: 1000, playing: true })
    expect(heardAt(playback, [5000, 3000], anchored + 3999)).toEqual({ index: 0, ms: 4999, playing: true })
    expect(heardAt(playback, [5000, 3000], anchored + 4000)).toEqual({ index: 1, ms: 0, playing: true })
    expect(heardAt(playback, [5000, 3000], anchored + 7000)).toEqual({ index: 1, ms: 3000, playing: false })
  })
  it('does not run backwards, and rests where it rests', () => {
    expect(heardAt(playback, [5000], anchored - 500).ms).toBe(1000)
    expect(heardAt({ ...playback, is_playing: false }, [5000], anchored + 500)).toEqual({ index: 0, ms: 1000, playing: false })
  })
})

describe('getting back in step', () => {
  it('jumps when it is far off, and hurries when it is near', () => {
    expect(stepFor(300)).toEqual({ seek: true })
    expect(stepFor(-5)).toEqual({ seek: false, rate: 1 })
    expect(stepFor(30)).toEqual({ seek: false, rate: 0.98 })
    expect(stepFor(-200)).toEqual({ seek: false, rate: 1.05 })
  })
})

describe('the clock', () => {
  it('trusts the answer that came soonest', () => {
    const samples = [{ sentMs: 0, heardMs: 100, serverMs: 500 }, { sentMs: 200, heardMs: 210, serverMs: 705 }]
    expect(offsetOf(samples)).toBe(500)
  })
})
