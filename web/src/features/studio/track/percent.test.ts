import { expect, it } from 'vitest'
import { equally, hundredthsOf, percentOf } from './percent'

it('reads percents as people write them, without rounding', () => {
  expect(['50', '33.33', '33,3', '0.01', ' 100 '].map(hundredthsOf)).toEqual([5000, 3333, 3330, 1, 10_000])
  for (const bad of ['', '1.234', '-1', 'half', '1000']) expect(hundredthsOf(bad)).toBeNull()
  expect([5000, 3333, 3330, 1].map(percentOf)).toEqual(['50', '33.33', '33.30', '0.01'])
})

it('divides a hundred percent to the last hundredth', () => {
  for (let count = 1; count <= 50; count += 1) {
    const sum = equally(count).reduce((total, percent) => total + (hundredthsOf(percent) ?? Number.NaN), 0)
    expect(sum).toBe(10_000)
  }
  expect(equally(3)).toEqual(['33.34', '33.33', '33.33'])
})
