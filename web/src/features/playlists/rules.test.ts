import { describe, expect, it } from 'vitest'
import { fields, kinds, tests, textOf, valueOf, withField } from './rules'

describe('a rule with another field', () => {
  it('keeps what still fits', () => {
    expect(withField({ field: 'title', test: 'contains', value: 'x' }, 'artist')).toEqual({ field: 'artist', test: 'contains', value: 'x' })
    expect(withField({ field: 'title', test: 'contains', value: 'x' }, 'tempo_bpm')).toEqual({ field: 'tempo_bpm', test: 'is', value: 30 })
    expect(withField({ field: 'year', test: 'at_most', value: 1990 }, 'liked')).toEqual({ field: 'liked', test: 'is', value: true })
    for (const field of fields) expect(tests[kinds[field]]).toContain(withField({ field: 'year', test: 'at_most', value: 1 }, field).test)
  })
})

describe('a value', () => {
  it('is told in seconds and kept in milliseconds', () => {
    expect(valueOf('duration_ms', '61.5')).toBe(61_500)
    expect(textOf({ field: 'duration_ms', test: 'at_most', value: 61_500 })).toBe('61.5')
    expect([valueOf('liked', 'true'), valueOf('year', '1990'), valueOf('genre', 'jazz')]).toEqual([true, 1990, 'jazz'])
  })
})
