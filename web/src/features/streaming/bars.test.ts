import { expect, it } from 'vitest'
import { gather, partsFor } from './bars'

it('keeps the loudest of each share', () => expect(gather([0, 255, 51, 0], 2)).toEqual([1, 0.2]))
it('repeats peaks where there are more bars', () => expect(gather([255, 0], 4)).toEqual([1, 1, 0, 0]))
it('is flat without peaks', () => expect(gather([], 3)).toEqual([0, 0, 0]))

it('is fetched as fine as its width can show', () => {
  expect([320, 900, 901, 1440, 7200, 7201, 99_999].map(partsFor)).toEqual([225, 225, 1800, 1800, 1800, 7200, 7200])
})
