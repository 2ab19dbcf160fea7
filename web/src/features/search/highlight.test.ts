import { expect, it } from 'vitest'
import { cut } from './highlight'

const range = (start: number, end: number, field = 'title') => ({ field, start, end })

it('marks what matched', () =>
  expect(cut('Low Tide', [range(4, 6)], 'title')).toEqual([{ text: 'Low ', marked: false }, { text: 'Ti', marked: true }, { text: 'de', marked: false }]))
it('counts code points, not halves of them', () => expect(cut('🎻🎹 duo', [range(1, 2)], 'title')[1]).toEqual({ text: '🎹', marked: true }))
it('merges overlaps and ignores what lies outside', () => expect(cut('abc', [range(0, 2), range(1, 99), range(-5, 0)], 'title')).toEqual([{ text: 'abc', marked: true }]))
it('minds the field', () => expect(cut('abc', [range(0, 3, 'subtitle')], 'title')).toEqual([{ text: 'abc', marked: false }]))
it('has nothing for nothing', () => expect(cut('', [range(0, 1)], 'title')).toEqual([]))
