import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openLive, useLiveState } from './live'
import { backOff, readLiveEvent, type LiveEvent } from './liveEvent'

const progress = { track_id: 't', state: 'processing', stage: 'render', percent: 5, attempt: 1, problem: null }

it.each([
  ['track.progress', progress, { type: 'track.progress', progress }],
  ['notification', { id: 'n', title: 'T' }, { type: 'notification', notification: { id: 'n', title: 'T' } }],
])('reads %s', (type, body, event) => expect(readLiveEvent(type, JSON.stringify(body))).toEqual(event))

it.each([['track.progress', '{'], ['track.progress', 'null'], ['track.progress', '{"id":1}'], ['notification', '[]'], ['weather', '{}']])('ignores %s %s', (type, data) =>
  expect(readLiveEvent(type, data)).toBeNull())

it('backs off to thirty seconds, never in step', () => {
  expect(backOff(0, () => 0)).toBe(500)
  expect(backOff(0, () => 1)).toBe(1000)
  expect(backOff(3, () => 1)).toBe(8000)
  expect(backOff(50, () => 1)).toBe(30_000)
})

class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static all: FakeSource[] = []
  readyState = 0
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
    FakeSource.all.push(this)
  }
  close() {
    this.readyState = FakeSource.CLOSED
  }
}

beforeEach(() => {
  FakeSource.all = []
  vi.stubGlobal('EventSource', FakeSource)
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

it('hands on what it understands', () => {
  const events: LiveEvent[] = []
  openLive({ onEvent: (event) => events.push(event), onGap: vi.fn(), onRefused: vi.fn() })
  const [source] = FakeSource.all
  source?.dispatchEvent(new MessageEvent('track.progress', { data: JSON.stringify(progress) }))
  source?.dispatchEvent(new MessageEvent('notification', { data: 'garbage' }))
  expect(events).toEqual([{ type: 'track.progress', progress }])
})

it('comes back after a refusal, and says that something may have been missed', () => {
  const onGap = vi.fn()
  const onRefused = vi.fn()
  const close = openLive({ onEvent: vi.fn(), onGap, onRefused })
  const [first] = FakeSource.all
  first?.dispatchEvent(new Event('open'))
  expect(useLiveState.getState().connected).toBe(true)
  first?.close()
  first?.dispatchEvent(new Event('error'))
  expect(useLiveState.getState().connected).toBe(false)
  expect(onRefused).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(1000)
  expect(FakeSource.all).toHaveLength(2)
  FakeSource.all[1]?.dispatchEvent(new Event('open'))
  expect(onGap).toHaveBeenCalledOnce()
  close()
  vi.advanceTimersByTime(60_000)
  expect(FakeSource.all).toHaveLength(2)
})

it('leaves a broken line to the browser, which remembers the last event', () => {
  const onGap = vi.fn()
  openLive({ onEvent: vi.fn(), onGap, onRefused: vi.fn() })
  const [source] = FakeSource.all
  source?.dispatchEvent(new Event('error'))
  vi.advanceTimersByTime(60_000)
  source?.dispatchEvent(new Event('open'))
  expect(FakeSource.all).toHaveLength(1)
  expect(onGap).not.toHaveBeenCalled()
})
