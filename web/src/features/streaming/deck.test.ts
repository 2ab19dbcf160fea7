import { describe, expect, it } from 'vitest'
import type Hls from 'hls.js/light'
import { leaveLossless } from './deck'

function hlsWith(codecs: string[]): { levels: Hls['levels']; removeLevel: (index: number) => void } {
  const levels = codecs.map((audioCodec) => ({ audioCodec })) as unknown as Hls['levels']
  return { levels, removeLevel: (index) => levels.splice(index, 1) }
}

describe('lossless variants', () => {
  it('are left alone by a listener who did not ask for them', () => {
    const hls = hlsWith(['opus', 'fLaC', 'opus', 'flac'])
    leaveLossless(hls)
    expect(hls.levels.map((level) => level.audioCodec)).toEqual(['opus', 'opus'])
  })
  it('are taken where there is nothing else', () => {
    const hls = hlsWith(['fLaC'])
    leaveLossless(hls)
    expect(hls.levels).toHaveLength(1)
  })
})
