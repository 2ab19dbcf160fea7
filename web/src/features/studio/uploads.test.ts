import { expect, it } from 'vitest'
import { ApiProblem } from '../../api/problem'
import { fingerprint, problemOf } from './uploads'

it('knows a file again that was begun before, for the same release', () => {
  const file = { name: 'ebb.wav', size: 8, lastModified: 1 }
  expect(fingerprint('r1', file)).toBe(fingerprint('r1', { ...file }))
  expect(fingerprint('r1', file)).not.toBe(fingerprint('r2', file))
  expect(fingerprint('r1', file)).not.toBe(fingerprint('r1', { ...file, lastModified: 2 }))
})

it('tells a refusal of the server from no answer at all', () => {
  const body = JSON.stringify({ type: '/problems/quota-of-bytes', title: 'No room.', status: 413 })
  const response = { getStatus: () => 413, getBody: () => body, getHeader: () => undefined, getUnderlyingObject: () => null }
  const refused = problemOf(Object.assign(new Error('tus'), { originalResponse: response, originalRequest: null, causingError: null }) as never)
  expect((refused as ApiProblem).slug).toBe('quota-of-bytes')
  expect((problemOf(new Error('gone')) as ApiProblem).slug).toBe('offline')
})
