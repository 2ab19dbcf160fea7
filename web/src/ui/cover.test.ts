import { expect, it } from 'vitest'
import { coverColour, coverSvg, coverUrl, hash } from './cover'

const titles = Array.from({ length: 200 }, (_, index) => `Title ${index}`)

it('draws the same picture for the same words, however they are encoded', () => {
  expect(coverSvg('Blå time', 'Petra')).toBe(coverSvg('Bla\u030a time', 'Petra'))
})

it('draws another picture for another title', () => {
  expect(new Set(titles.map((title) => coverSvg(title, 'Nina'))).size).toBe(titles.length)
})

const ground = (title: string) => /stop-color="(#\w+)"/.exec(coverSvg(title, 'Nina'))?.[1]

it('keeps an artist to one palette', () => {
  expect(new Set(titles.map(ground)).size).toBe(1)
  expect(coverColour('Nina')).toMatch(/^#[\da-f]{6}$/)
})

it('never draws what is no number', () => {
  for (const title of titles) expect(coverSvg(title, title)).not.toMatch(/NaN|undefined|Infinity/)
})

it('lets no markup of a title into the picture', () => {
  expect(coverSvg('<script>alert(1)</script>', '"><svg onload=x>')).not.toMatch(/script|onload/)
  expect(coverUrl('a', 'b')).toMatch(/^data:image\/svg\+xml,%3Csvg/)
})

it('spreads similar titles', () => {
  expect(new Set(titles.map((title) => hash(title) % 16)).size).toBe(16)
})
