import { expect, it } from 'vitest'
import { deviceName, leftAt, toKeep } from './keptQueue'

const track = (id: string, duration_ms = 60_000) => ({ id, title: id, artist: { id: 'n', slug: 'n', name: 'N' }, release: { id: 'r', title: 'R' }, artwork: null, duration_ms })
const kept = (ids: (string | null)[], current: number | null, position_ms = 0) => ({
  items: ids.map((id, at) => ({ track_id: id ?? `gone ${at}`, track: id === null ? null : track(id) })), current, position_ms, device: null, put_at: null,
})

it('keeps ids, the current one and the place in it', () => {
  const queue = { tracks: [track('a'), track('b')], at: 1 }
  expect(toKeep(queue, 12.6, 'here')).toEqual({ items: ['a', 'b'], current: 1, position_ms: 13, device: 'here' })
  expect(toKeep(null, 7, 'here')).toEqual({ items: [], position_ms: 0, device: 'here' })
  expect(toKeep({ tracks: [{ ...track('a'), link: 'secret' }], at: 0 }, 0, 'here')).toBeNull()
})

it('keeps a thousand of more, the current one among them', () => {
  const tracks = Array.from({ length: 1500 }, (_, at) => track(String(at)))
  for (const [at, first, current] of [[0, 0, 0], [300, 300, 0], [500, 500, 0], [1400, 500, 900], [1499, 500, 999]] as const) {
    const put = toKeep({ tracks, at }, 0, '')
    expect([put?.items.length, put?.items[0], put?.current, put?.items[current]]).toEqual([1000, String(first), current, String(at)])
  }
})

it('goes on where the listener left', () => {
  expect(leftAt(kept(['a', 'b'], 1, 30_000))).toMatchObject({ queue: { at: 1 }, positionMs: 30_000 })
  expect(leftAt(kept([], null))).toBeNull()
})

it('passes over what may be heard no longer, and what was at its end', () => {
  expect(leftAt(kept([null, 'a', 'b'], 1, 30_000))).toMatchObject({ queue: { at: 0 }, positionMs: 30_000 })
  expect(leftAt(kept(['a', null, 'b'], 1, 30_000))).toMatchObject({ queue: { at: 1 }, positionMs: 0 })
  expect(leftAt(kept(['a', 'b'], 0, 58_000))).toMatchObject({ queue: { at: 1 }, positionMs: 0 })
  expect(leftAt(kept(['a', 'b'], 1, 58_000))).toBeNull()
  expect(leftAt(kept(['a', null], 1, 0))).toBeNull()
})

it('names a device by its browser and its system', () => {
  expect(deviceName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36')).toBe('Chrome, Linux')
  expect(deviceName('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1')).toBe('Safari, iPhone')
  expect(deviceName('')).toBe('')
})
