import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import type { Release, Stage, Track, TrackProgress } from '../../api/types'
import { overall, receiveProgress, withProgress } from './progress'

const stages = (...states: Stage['state'][]): Stage[] =>
  (['probe', 'render', 'package'] as const).map((name, index) => ({ name, state: states[index] ?? 'waiting', percent: states[index] === 'done' ? 100 : 0, attempt: 1, max_attempts: 4, problem: null, remaining_ms: null }))
const release = { id: 'r', tracks: [{ id: 't', state: 'processing', problem: null, stages: stages() } as unknown as Track] } as Release
const progress = (changes: Partial<TrackProgress>): TrackProgress => ({ track_id: 't', state: 'processing', under_way: true, stage: 'render', percent: 40, attempt: 1, problem: null, remaining_ms: null, ...changes })
const states = (of: Release) => of.tracks[0]?.stages.map((stage) => stage.state)

describe('withProgress', () => {
  it('runs the named step; what is before it is done', () => {
    const moved = withProgress(release, progress({}))
    expect(states(moved)).toEqual(['done', 'running', 'waiting'])
    expect(moved.tracks[0]?.stages[1]?.percent).toBe(40)
  })
  it('finishes all of a track that is ready', () => expect(states(withProgress(release, progress({ state: 'ready', under_way: false, stage: 'package', percent: 100 })))).toEqual(['done', 'done', 'done']))
  it('shows where and why a track failed', () => {
    const problem = { slug: 'not-audio', message: 'No.' }
    const failed = withProgress(release, progress({ state: 'rejected', under_way: false, stage: 'probe', percent: 0, problem }))
    expect(states(failed)?.[0]).toBe('failed')
    expect(failed.tracks[0]).toMatchObject({ state: 'rejected', problem })
  })
  it('shows an attempt that failed as waiting for the next one', () => {
    const problem = { slug: 'crashed', message: 'It failed.' }
    const moved = withProgress(release, progress({ percent: 0, attempt: 2, problem }))
    expect(moved.tracks[0]?.stages[1]).toMatchObject({ state: 'waiting', attempt: 2, problem })
    expect(moved.tracks[0]?.problem).toBeNull()
  })
  it('shows what was stopped', () => expect(states(withProgress(release, progress({ state: 'cancelled', under_way: false, percent: 0 })))).toEqual(['done', 'cancelled', 'waiting']))
  it('tells the time that is left at the last step', () => expect(withProgress(release, progress({ remaining_ms: 4200 })).tracks[0]?.stages[2]?.remaining_ms).toBe(4200))
  it('leaves other tracks and unknown steps alone', () => {
    expect(states(withProgress(release, progress({ track_id: 'x' })))).toEqual(['waiting', 'waiting', 'waiting'])
    expect(states(withProgress(release, progress({ stage: 'polish' })))).toEqual(['waiting', 'waiting', 'waiting'])
  })
})

it('finds the release that has the track', () => {
  const client = new QueryClient()
  client.setQueryData(['release', 'r'], release)
  client.setQueryData(['release', 'other'], { ...release, id: 'other', tracks: [] })
  receiveProgress(client, progress({}))
  expect(states(client.getQueryData(['release', 'r']) as Release)).toEqual(['done', 'running', 'waiting'])
})

it('weighs the steps', () => {
  expect(overall(stages())).toBe(0)
  expect(overall(stages('done'))).toBe(5)
  expect(overall(stages('done', 'done', 'done'))).toBe(100)
  expect(overall([])).toBe(0)
})
