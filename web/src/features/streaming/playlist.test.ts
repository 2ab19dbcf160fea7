import { describe, expect, it } from 'vitest'
import { affordable, segmentsOf, variantsOf, withoutLossless } from './playlist'

const base = 'http://here.example/api/v1/hls/grant/track/master.m3u8'
const master = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-STREAM-INF:BANDWIDTH=131000,AVERAGE-BANDWIDTH=130000,CODECS="opus",SCORE=2.0
opus_cmaf_128/media.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=66000,AVERAGE-BANDWIDTH=64000,CODECS="opus",SCORE=1.0
opus_cmaf_64/media.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS="fLaC",SCORE=3.0
flac_cmaf/media.m3u8
`

describe('a master playlist', () => {
  const variants = variantsOf(master, base)
  it('names its variants in order, by whole addresses', () =>
    expect(variants.map(({ url, bandwidthBps, codec }) => [url.split('/').at(-2), bandwidthBps, codec])).toEqual([
      ['opus_cmaf_128', 131_000, 'opus'], ['opus_cmaf_64', 66_000, 'opus'], ['flac_cmaf', 900_000, 'flac'],
    ]))
  it('leaves lossless to those who ask for it, or have nothing else', () => {
    expect(withoutLossless(variants).map(({ codec }) => codec)).toEqual(['opus', 'opus'])
    expect(withoutLossless(variants.slice(2))).toHaveLength(1)
  })
  it.each([[null, 131_000], [1e9, 131_000], [180_000, 66_000], [190_000, 131_000], [1, 66_000]])('%s bit/s carry %d', (measured, carried) =>
    expect(affordable(withoutLossless(variants), measured)?.bandwidthBps).toBe(carried))
})

describe('a media playlist', () => {
  it('has an init segment and segments with their lengths', () => {
    const text = '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n#EXTINF:2.000000,\n0.m4s\n#EXTINF:0.500021,\n1.m4s\n#EXT-X-ENDLIST\n'
    expect(segmentsOf(text, base)).toEqual({
      init: new URL('init.mp4', base).href,
      list: [{ url: new URL('0.m4s', base).href, seconds: 2 }, { url: new URL('1.m4s', base).href, seconds: 0.500021 }],
    })
  })
  it.each(['#EXTM3U\n', '#EXTM3U\n#EXT-X-MAP:URI="init.mp4"\n'])('is refused without them', (text) => expect(() => segmentsOf(text, base)).toThrow())
})
