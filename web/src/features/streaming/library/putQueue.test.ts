import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ApiProblem } from '../../../api/problem'
import type { NewQueue } from '../../../api/types'
import { showToast } from '../../../ui/toasts'
import { usePlayer } from '../player'
import { followQueue, seeQueue } from './putQueue'

/** The server: what it keeps, under a tag that each put changes. */
const server = vi.hoisted(() => ({ version: 0, kept: null as NewQueue | null, whole: <T>(call: Promise<T>) => call }))

vi.mock('../../../ui/toasts', () => ({ showToast: vi.fn() }))
vi.mock('../player', async () => {
  const { create } = await import('zustand')
  const player = create(() => ({ queue: null, status: 'paused', positionMs: 0 }))
  return { usePlayer: player, livePositionMs: () => player.getState().positionMs }
})
vi.mock('../../../api/client', async () => {
  const { ApiProblem: Problem } = await import('../../../api/problem')
  const api = {
    GET: () => Promise.resolve({ data: server.kept, tag: String(server.version) }),
    PUT: (_: string, { params, body }: { params: { header: { 'If-Match'?: string } }; body: NewQueue }) => {
      const seen = params.header['If-Match']
      if (seen !== undefined && seen !== String(server.version)) return Promise.reject(new Problem({ slug: 'changed-meanwhile', title: '', status: 412 }))
      server.version += 1
      server.kept = body
      return Promise.resolve({ data: {}, tag: String(server.version) })
    },
  }
  return { api, answer: server.whole, tagged: server.whole, ifMatch: (tag: string | null) => (tag === null ? {} : { 'If-Match': tag }) }
})

const track = (id: string) => ({ id, title: id, artist: { id: 'n', slug: 'n', name: 'N' }, release: { id: 'r', title: 'R' } })
const plays = (...ids: string[]) => usePlayer.setState({ queue: { tracks: ids.map(track), at: 0 }, status: 'playing', positionMs: 0 })
const elsewhere = () => {
  server.version += 1
  server.kept = { items: ['theirs'] }
}
let end = () => {}

beforeEach(async () => {
  vi.useFakeTimers()
  vi.stubGlobal('navigator', { userAgent: '' })
  vi.stubGlobal('addEventListener', vi.fn())
  vi.stubGlobal('removeEventListener', vi.fn())
  vi.mocked(showToast).mockClear()
  server.version += 1
  server.kept = null
  usePlayer.setState({ queue: null, status: 'paused', positionMs: 0 })
  await seeQueue()
  end = followQueue()
})

afterEach(() => {
  end()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('puts what changed once it has rested', async () => {
  plays('a')
  await vi.advanceTimersByTimeAsync(2000)
  plays('b')
  await vi.advanceTimersByTimeAsync(2000)
  expect(server.kept).toBeNull()
  await vi.advanceTimersByTimeAsync(1500)
  expect(server.kept?.items).toEqual(['b'])
  usePlayer.setState({ queue: null, status: 'paused' })
  await vi.advanceTimersByTimeAsync(3500)
  expect(server.kept?.items).toEqual([])
})

it('puts a pause and a jump, and where it is while music plays', async () => {
  plays('a')
  await vi.advanceTimersByTimeAsync(3500)
  usePlayer.setState({ positionMs: 40_000 })
  await vi.advanceTimersByTimeAsync(3500)
  expect(server.kept?.position_ms).toBe(40_000)
  for (let at = 40_000; at <= 72_000; at += 1000) {
    usePlayer.setState({ positionMs: at })
    // oxlint-disable-next-line no-await-in-loop
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(server.kept?.position_ms).toBeGreaterThan(55_000)
  usePlayer.setState({ positionMs: 73_000, status: 'paused' })
  await vi.advanceTimersByTimeAsync(3500)
  expect(server.kept?.position_ms).toBe(73_000)
})

it('takes the place of another device’s queue when somebody does something here, and says so', async () => {
  plays('a')
  await vi.advanceTimersByTimeAsync(3500)
  elsewhere()
  plays('b')
  await vi.advanceTimersByTimeAsync(3500)
  expect(server.kept?.items).toEqual(['b'])
  expect(showToast).toHaveBeenCalledTimes(1)
})

it('leaves another device’s queue alone while it merely plays on', async () => {
  plays('a')
  await vi.advanceTimersByTimeAsync(3500)
  elsewhere()
  await vi.advanceTimersByTimeAsync(120_000)
  expect(server.kept?.items).toEqual(['theirs'])
  expect(showToast).not.toHaveBeenCalled()
  plays('a', 'b')
  await vi.advanceTimersByTimeAsync(3500)
  expect(server.kept?.items).toEqual(['a', 'b'])
})

it('tells again what did not arrive', async () => {
  plays('a')
  const { api } = await import('../../../api/client')
  const lost = vi.spyOn(api, 'PUT').mockRejectedValueOnce(new ApiProblem({ slug: 'offline', title: '', status: 0 }))
  await vi.advanceTimersByTimeAsync(3500)
  expect(server.kept).toBeNull()
  await vi.advanceTimersByTimeAsync(30_000)
  expect(server.kept?.items).toEqual(['a'])
  lost.mockRestore()
})
