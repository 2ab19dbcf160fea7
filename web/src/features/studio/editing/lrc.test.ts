import { expect, it } from 'vitest'
import { lineOf, lrcOf, spanOf } from './lrc'

it('writes times that read back to the millisecond', () => {
  const lines = [{ at_ms: 0, text: 'Low' }, { at_ms: 62_500, text: '' }, { at_ms: 3_725_007, text: 'High' }]
  expect(lrcOf(lines)).toBe('[00:00.00]Low\n[01:02.50]\n[62:05.007]High')
})

it('finds the line that a sentence is about', () => {
  expect(lineOf('Line 12 begins with no time such as [01:02.50].')).toBe(12)
  expect(lineOf('There is no line with a time in this text.')).toBeNull()
  expect(lineOf(null)).toBeNull()
})

it('knows where a line stands in its text', () => {
  expect(spanOf('one\ntwo\nthree', 2)).toEqual([4, 7])
  expect(spanOf('one\ntwo', 1)).toEqual([0, 3])
  expect(spanOf('one', 9)).toEqual([3, 3])
})
