import { describe, expect, it } from 'vitest'
import { ago, clock, lengthInWords } from './time'

describe('clock', () => {
  it.each([
    [0, '0:00'], [999, '0:00'], [61_000, '1:01'], [599_999, '9:59'], [3_600_000, '1:00:00'], [3_729_000, '1:02:09'],
    [-5, '0:00'], [Number.NaN, '0:00'], [Infinity, '0:00'],
  ])('%d ms reads %s', (ms, text) => expect(clock(ms)).toBe(text))
})

describe('lengthInWords', () => {
  it.each([[42_000, '42 sec'], [60_000, '1 min'], [59.4 * 60_000, '59 min'], [60 * 60_000, '1 hr'], [65 * 60_000, '1 hr 5 min']])('%d ms reads %s', (ms, text) =>
    expect(lengthInWords(ms, 'en')).toBe(text))
  it('speaks German', () => expect(lengthInWords(65 * 60_000, 'de')).toBe('1 Std. 5 Min.'))
})

describe('ago', () => {
  const now = Date.parse('2026-05-02T12:00:00Z')
  it.each([['2026-05-02T11:59:30Z', '30 seconds ago'], ['2026-05-02T11:55:00Z', '5 minutes ago'], ['2026-05-02T09:00:00Z', '3 hours ago'], ['2026-05-01T11:00:00Z', 'yesterday']])('%s was %s', (at, text) =>
    expect(ago(at, 'en', now)).toBe(text))
})
