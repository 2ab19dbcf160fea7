import { expect, it } from 'vitest'
import { lacking, left } from './room'

const share = (limit: number, used: number) => ({ limit, used, is_own: false })
const quota = { bytes: share(1000, 400), tracks: share(10, 8), uploads_today: share(5, 0) }

it('tells what is missing before anything is sent', () => {
  expect(lacking(quota, [{ size: 300 }, { size: 300 }])).toBeNull()
  expect(lacking(quota, [{ size: 601 }])).toEqual({ of: 'bytes', wanted: 601, left: 600 })
  expect(lacking(quota, [{ size: 1 }, { size: 1 }, { size: 1 }])).toEqual({ of: 'tracks', wanted: 3, left: 2 })
  expect(lacking(quota, Array.from({ length: 6 }, () => ({ size: 1 })), { newTracks: false })).toEqual({ of: 'uploads_today', wanted: 6, left: 5 })
})

it('knows no room below none', () => {
  expect(left(share(5, 9))).toBe(0)
})
