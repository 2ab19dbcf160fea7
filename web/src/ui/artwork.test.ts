import { expect, it } from 'vitest'
import { artworkGround, artworkSizes, artworkUrl } from './artwork'

const artwork = (width: number) => ({ key: 'k', colours: ['#102030', '#405060'], blur_hash: '', width, height: width })

it('offers every size up to the picture’s own, and nothing larger', () => {
  expect(artworkSizes(artwork(1024))).toBe([64, 128, 256, 512, 1024].map((width) => `/api/v1/artwork/k?size=${width} ${width}w`).join(', '))
  expect(artworkSizes(artwork(300))).toBe('/api/v1/artwork/k?size=64 64w, /api/v1/artwork/k?size=128 128w, /api/v1/artwork/k?size=256 256w, /api/v1/artwork/k?size=512 300w')
  expect(artworkSizes(artwork(64))).toBe('/api/v1/artwork/k?size=64 64w')
  expect(artworkSizes(artwork(2048), 2048)).toContain('size=2048 2048w')
})

it('asks for a size that the server makes', () => {
  expect(artworkUrl(artwork(1024), 300)).toBe('/api/v1/artwork/k?size=512')
  expect(artworkUrl(artwork(1024), 64)).toBe('/api/v1/artwork/k?size=64')
  expect(artworkUrl({ ...artwork(1024), link: 'secret' }, 64)).toBe('/api/v1/artwork/k?size=64&link=secret')
})

it('stands in with the picture’s colours', () => {
  expect(artworkGround(artwork(64))).toBe('linear-gradient(135deg, #102030, #405060)')
})
