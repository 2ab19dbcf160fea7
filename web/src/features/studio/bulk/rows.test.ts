import { expect, it } from 'vitest'
import { ApiProblem } from '../../../api/problem'
import type { Track } from '../../../api/types'
import { formOf } from '../editing/trackForm'
import { changedRows, clashesOf, placed, rebasedRows, requestOf, type Rows } from './rows'

const row = (title: string, position: number) => formOf({ title, position } as Track)
const before: Rows = { a: row('Ebb', 1), b: row('Flow', 2) }
const mine: Rows = { ...before, b: { ...row('Flow', 2), disc: '2' } }

it('sends the tracks and fields that changed', () => {
  expect(changedRows(before, before)).toEqual([])
  expect(requestOf(before, mine, before)).toEqual([{ id: 'b', changes: { disc: 2 } }])
  expect(requestOf(before, mine, { a: row('Ebb', 1) })).toEqual([])
})

it('asks only about what both changed', () => {
  expect(clashesOf(before, mine, { ...before, b: row('Slack', 2) })).toEqual([])
  expect(clashesOf(before, mine, { ...before, b: { ...row('Flow', 2), disc: '3' } })).toEqual([{ id: 'b', about: 'Flow', field: 'disc', mine: 2, theirs: 3 }])
})

it('keeps what others changed elsewhere', () => {
  const now = { a: row('Ebb tide', 1), b: { ...row('Slack', 2), disc: '3' } }
  expect(rebasedRows(before, mine, now, [])).toEqual({ a: now.a, b: { ...now.b, disc: '2' } })
  expect(rebasedRows(before, mine, now, [{ id: 'b', field: 'disc' }])).toEqual(now)
})

it('knows which line a refusal is about', () => {
  const problem = new ApiProblem({ slug: 'invalid', title: 'no', status: 422, field: 'tracks[1].changes.credits[0].name' })
  expect(placed(problem, ['a', 'b'])).toMatchObject({ id: 'b', problem: { field: 'credits[0].name' } })
  expect(placed(problem, ['a'])).toBeNull()
  expect(placed(new Error('x'), ['a'])).toBeNull()
})
