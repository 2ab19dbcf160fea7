import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const retry = vi.hoisted(() => vi.fn())
vi.mock('./player', async () => {
  const { create } = await import('zustand')
  return { retry, usePlayer: create(() => ({ status: 'playing', problem: null as unknown })) }
})

import { ApiProblem } from '../../api/problem'
import { followConnection } from './comeBack'
import { usePlayer } from './player'

const offline = () => new ApiProblem({ slug: 'offline', title: 'The server cannot be reached', status: 0 })
const show = usePlayer.setState
let leave: () => void

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('addEventListener', vi.fn())
  vi.stubGlobal('removeEventListener', vi.fn())
  leave = followConnection()
  retry.mockReset()
  // As the player does: it loads, and fails or plays.
  retry.mockImplementation(() => show({ status: 'loading', problem: null }))
})

afterEach(() => {
  leave()
  show({ status: 'paused', problem: null })
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('music that lost its server is tried again, more and more seldom, until it is back', () => {
  const times: number[] = []
  show({ status: 'failed', problem: offline() })
  for (let ms = 0; ms < 60_000; ms += 1_000) {
    vi.advanceTimersByTime(1_000)
    if (retry.mock.calls.length > times.length) {
      times.push(ms + 1_000)
      show({ status: 'failed', problem: offline() })
    }
  }
  expect(times).toEqual([2_000, 6_000, 14_000, 29_000, 44_000, 59_000])
  vi.advanceTimersByTime(15_000)
  show({ status: 'playing', problem: null })
  vi.advanceTimersByTime(120_000)
  expect(retry).toHaveBeenCalledTimes(times.length + 1)
  // The next time it begins from the start.
  show({ status: 'failed', problem: offline() })
  vi.advanceTimersByTime(2_000)
  expect(retry).toHaveBeenCalledTimes(times.length + 2)
})

test('it is tried at once when there is a network', () => {
  show({ status: 'failed', problem: offline() })
  const online = vi.mocked(addEventListener).mock.calls.find(([type]) => type === 'online')?.[1] as () => void
  online()
  expect(retry).toHaveBeenCalledTimes(1)
})

test('what the server refuses and what was paused is not', () => {
  show({ status: 'failed', problem: new ApiProblem({ slug: 'not-found', title: 'No such track', status: 404 }) })
  vi.advanceTimersByTime(60_000)
  show({ status: 'failed', problem: offline() })
  show({ status: 'paused', problem: offline() })
  vi.advanceTimersByTime(60_000)
  expect(retry).not.toHaveBeenCalled()
})
