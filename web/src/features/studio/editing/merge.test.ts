import { expect, it } from 'vitest'
import { changesOf, conflictsOf, rebased } from './merge'

const before = { title: 'Ebb', tags: ['sea'], upc: null as string | null }

it('sends what was changed, and nothing else', () => {
  expect(changesOf(before, { ...before })).toEqual({})
  expect(changesOf(before, { ...before, tags: ['sea', 'salt'], upc: '1' })).toEqual({ tags: ['sea', 'salt'], upc: '1' })
})

it('asks only where both changed the same field to something else', () => {
  const mine = { ...before, title: 'Flow' }
  expect(conflictsOf(before, mine, { ...before, tags: [] })).toEqual([])
  expect(conflictsOf(before, mine, { ...before, title: 'Flow' })).toEqual([])
  expect(conflictsOf(before, mine, { ...before, title: 'Slack' })).toEqual(['title'])
})

it('keeps what others changed elsewhere, whoever gives way in the field that both changed', () => {
  const mine = { title: 'Flow', tags: ['sea'], upc: '1' }
  const theirs = { title: 'Slack', tags: ['salt'], upc: null }
  const bodyOf = (form: typeof before) => form
  expect(rebased(before, mine, theirs, bodyOf)).toEqual({ title: 'Flow', tags: ['salt'], upc: '1' })
  expect(rebased(before, mine, theirs, bodyOf, ['title'])).toEqual({ title: 'Slack', tags: ['salt'], upc: '1' })
})
