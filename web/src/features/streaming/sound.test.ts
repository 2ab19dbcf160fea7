import { describe, expect, it } from 'vitest'
import { acceptList, chooseSource, elementVolume, type Ears } from './sound'

const deaf: Ears = { mse: () => false, tape: false, element: () => false, nativeHls: false }
const chromium: Ears = { mse: (mime) => mime.startsWith('audio/mp4'), tape: true, element: () => true, nativeHls: false }
const choice = { gain_db: -3, how: 'rendition' as const, why: ['best' as const] }
const play = { hls: { url: '/hls', ...choice }, stream: { url: '/file', mime: 'audio/ogg; codecs=opus', bitrate_bps: 128_000, seekable: true, ...choice } }

describe('acceptList', () => {
  it('names segments first, and each type once', () => {
    const list = acceptList(chromium)
    expect(list[0]).toBe('audio/mp4; codecs=opus')
    expect(list).toContain('audio/ogg; codecs=opus')
    expect(new Set(list).size).toBe(list.length)
  })
  it('is empty for a browser that hears nothing', () => expect(acceptList(deaf)).toEqual([]))
})

describe('chooseSource', () => {
  it('prefers segments on a tape', () => expect(chooseSource(play, chromium)).toEqual({ way: 'tape', url: '/hls' }))
  it('leaves managed media sources to hls.js', () => expect(chooseSource(play, { ...chromium, tape: false })).toEqual({ way: 'hls.js', url: '/hls' }))
  it('takes native HLS only where it is good', () => {
    expect(chooseSource(play, { ...deaf, nativeHls: true })).toEqual({ way: 'native-hls', url: '/hls' })
    expect(chooseSource(play, deaf)).toEqual({ way: 'file', url: '/file' })
  })
  it('falls back to the whole file', () => {
    expect(chooseSource(play, chromium, true)).toEqual({ way: 'file', url: '/file' })
    expect(chooseSource({ ...play, hls: null }, chromium)).toEqual({ way: 'file', url: '/file' })
  })
  it('says when there is nothing', () => expect(chooseSource({ hls: null, stream: null }, chromium)).toBeNull())
})

describe('elementVolume', () => {
  it.each([[1, 0, 1], [1, -6.0206, 0.5], [0.5, 0, 0.25], [0, -3, 0], [1, 9, 1], [1, Number.NaN, 1], [2, 0, 1], [-1, 0, 0]])('%d with %d dB is %d', (setting, gain, volume) =>
    expect(elementVolume(setting, gain)).toBeCloseTo(volume, 4))
})
