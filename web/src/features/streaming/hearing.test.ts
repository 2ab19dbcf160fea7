import { expect, test } from 'vitest'
import { Hearing, type Report } from './hearing'

const play = (id: string, durationMs = 60_000) => ({ id, track: { duration_ms: durationMs } })

function listen() {
  const told: [string, Report][] = []
  const hearing = new Hearing((id, report) => told.push([id, report]))
  const from = (id: string, startMs: number, endMs: number, durationMs?: number) => {
    for (let at = startMs; at <= endMs; at += 250) hearing.at(play(id, durationMs), at, true)
  }
  return { told, hearing, from }
}

test('what is heard is told soon, when it is enough, and every half minute', () => {
  const { told, from } = listen()
  from('a', 0, 95_000, 240_000)
  expect(told.map(([, report]) => report.heard_ms)).toEqual([1_000, 30_000, 60_000, 90_000])
})

test('of a short track half is enough', () => {
  const { told, from } = listen()
  from('a', 0, 5_000, 8_000)
  expect(told.map(([, report]) => report.heard_ms)).toEqual([1_000, 4_000])
})

test('a jump is not heard, and what is heard twice is', () => {
  const { told, hearing, from } = listen()
  from('a', 0, 2_000)
  from('a', 40_000, 42_000)
  from('a', 500, 2_500)
  hearing.leave('skipped')
  expect(told.at(-1)).toEqual(['a', { position_ms: 2_500, heard_ms: 6_000, state: 'skipped' }])
})

test('a pause is told once, and what was only prepared not at all', () => {
  const { told, hearing, from } = listen()
  hearing.at(play('b'), 0, false)
  from('a', 0, 500)
  hearing.at(play('a'), 500, false)
  hearing.at(play('a'), 500, false)
  hearing.leave('ended')
  hearing.leave('skipped')
  expect(told.map(([, report]) => report.state)).toEqual(['paused', 'ended'])
})

test('the next play begins anew', () => {
  const { told, from } = listen()
  from('a', 0, 1_500)
  from('b', 0, 1_000)
  expect(told.map(([id, report]) => [id, report.heard_ms, report.state])).toEqual([
    ['a', 1_000, 'playing'], ['a', 1_500, 'skipped'], ['b', 1_000, 'playing'],
  ])
})
