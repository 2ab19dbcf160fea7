import { expect, it } from 'vitest'
import { afterKey, afterPress, wishFor } from './stars'

it('gives stars, and takes them out by the same press', () => {
  expect(afterPress(null, 4)).toBe(4)
  expect(afterPress(2, 4)).toBe(4)
  expect(afterPress(4, 4)).toBeNull()
})

it.each([
  ['ArrowRight', 3, 4], ['ArrowUp', 3, 4], ['ArrowLeft', 3, 2], ['ArrowDown', 3, 2], ['ArrowRight', 5, 5], ['ArrowLeft', 1, 1],
  ['Home', 4, 1], ['End', 2, 5], ['Delete', 3, null], ['Backspace', 3, null], ['a', 3, undefined], [' ', 3, undefined],
])('%s at star %d means %s', (key, star, stars) => expect(afterKey(key, star)).toBe(stars))

it('goes back to what stood before all that waits', () => {
  const first = wishFor(3, 2, undefined)
  expect(first).toEqual({ stars: 3, before: 2 })
  expect(wishFor(4, 3, first)).toEqual({ stars: 4, before: 2 })
})
