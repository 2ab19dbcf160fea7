import { expect, it } from 'vitest'
import { partsOf } from './sendPackage'

it('cuts a file into parts that fit', () => {
  expect(partsOf(10, 4)).toEqual([[0, 4], [4, 8], [8, 10]])
  expect(partsOf(8, 4)).toEqual([[0, 4], [4, 8]])
  expect(partsOf(3, 4)).toEqual([[0, 3]])
  expect(partsOf(0, 4)).toEqual([])
})
