import { expect, it } from 'vitest'
import { backOrRestart, currentOf, jump, nextOf, queueFrom, type QueuedTrack } from './queue'

const track = (id: string, state = 'ready'): QueuedTrack & { state: string } => ({
  id, state, title: id, artist: { id: 'a', slug: 'a', name: 'A' }, release: { id: 'r', title: 'R' }, duration_ms: 1000,
})
const three = queueFrom([track('a'), track('b'), track('c')], 'b')

it('starts at the named track', () => {
  expect(three && currentOf(three).id).toBe('b')
  expect(three && nextOf(three)?.id).toBe('c')
})

it('leaves out what cannot be played', () => {
  const queue = queueFrom([track('a', 'rejected'), track('b', 'processing'), track('c')], null)
  expect(queue?.tracks.map(({ id }) => id)).toEqual(['c'])
  expect(queueFrom([track('a', 'taken_down')], 'a')).toBeNull()
})

it('starts at the first if the named one is not there', () => expect(queueFrom([track('a')], 'x')?.at).toBe(0))

it('ends at its end', () => {
  expect(three && jump(three, 3)).toBeNull()
  expect(three && jump(three, -1)).toBeNull()
  expect(three && jump(three, 2)).toMatchObject({ at: 2 })
})

it('goes back early in a track and restarts it later', () => {
  expect(three && backOrRestart(three, 2000)).toMatchObject({ at: 0 })
  expect(three && backOrRestart(three, 4000)).toBe('restart')
  expect(three && backOrRestart({ ...three, at: 0 }, 0)).toBe('restart')
})
