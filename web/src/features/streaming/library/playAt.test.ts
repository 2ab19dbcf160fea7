import { beforeEach, expect, it, vi } from 'vitest'
import { goOn, seek, usePlayer } from '../player'
import { playAt } from './playAt'

vi.mock('../player', async () => {
  const { create } = await import('zustand')
  const { currentOf } = await import('../queue')
  type State = { queue: Parameters<typeof currentOf>[0] | null; status: string }
  return { usePlayer: create<State>(() => ({ queue: null, status: 'paused' })), currentTrack: ({ queue }: State) => queue && currentOf(queue), goOn: vi.fn(), seek: vi.fn() }
})

const track = (id: string) => ({ id, title: id, artist: { id: 'n', slug: 'n', name: 'N' }, release: { id: 'r', title: 'R' }, duration_ms: 60_000 })
const release = [track('a'), track('b'), track('c')]
const held = { tracks: [track('b'), track('x')], at: 0 }

beforeEach(() => {
  vi.mocked(goOn).mockClear()
  vi.mocked(seek).mockClear()
  usePlayer.setState({ queue: null, status: 'paused' })
})

it('lines the tracks up, and begins inside of one', () => {
  playAt(release, 'b', 12_000)
  expect(goOn).toHaveBeenCalledExactlyOnceWith({ tracks: release, at: 1 }, 12_000)
})

it('goes to the place in what is heard already', () => {
  usePlayer.setState({ queue: held, status: 'playing' })
  playAt(release, 'b', 12_000)
  expect(seek).toHaveBeenCalledExactlyOnceWith(12_000)
  expect(goOn).not.toHaveBeenCalled()
})

it('keeps what is lined up around a track that rests', () => {
  usePlayer.setState({ queue: held, status: 'paused' })
  playAt(release, 'b', 12_000)
  expect(goOn).toHaveBeenCalledExactlyOnceWith(held, 12_000)
})

it('takes another track’s queue over', () => {
  usePlayer.setState({ queue: held, status: 'playing' })
  playAt(release, 'c', 0)
  expect(goOn).toHaveBeenCalledExactlyOnceWith({ tracks: release, at: 2 }, 0)
})

it('stays inside of a track that has become shorter', () => {
  playAt(release, 'a', 90_000)
  expect(goOn).toHaveBeenCalledExactlyOnceWith({ tracks: release, at: 0 }, 60_000)
})
