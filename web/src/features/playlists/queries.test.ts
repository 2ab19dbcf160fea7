import { expect, it } from 'vitest'
import { behind } from './queries'

const entries = ['a', 'b', 'c', 'd'].map((id) => ({ id }))

it('finds what an entry goes behind', () => {
  expect(behind(entries, 2, 0)).toBe(null)
  expect(behind(entries, 2, 1)).toBe('a')
  expect(behind(entries, 0, 1)).toBe('b')
  expect(behind(entries, 0, 3)).toBe('d')
  expect(behind(entries, 3, 3)).toBe('c')
})
