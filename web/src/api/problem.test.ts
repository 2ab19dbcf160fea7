import { expect, it } from 'vitest'
import { toProblem } from './problem'

it('reads a problem body', () => {
  const problem = toProblem({ type: '/problems/handle-taken', title: 'Taken', status: 409, request_id: 'r1', field: 'handle' }, { status: 409, statusText: '' })
  expect(problem).toMatchObject({ slug: 'handle-taken', message: 'Taken', status: 409, requestId: 'r1', field: 'handle', detail: null })
})

it('reads one that arrived as text', () => {
  expect(toProblem('{"type":"/problems/storage-full"}', { status: 507, statusText: '' }).slug).toBe('storage-full')
})

it.each([[413, 'upload-too-large'], [502, 'unavailable'], [418, 'internal']])('names an answer of %d without a body', (status, slug) => {
  expect(toProblem('<html>', { status, statusText: 'Odd' })).toMatchObject({ slug, message: 'Odd' })
})

it('knows when to come back', () => {
  const refusal = { status: 429, statusText: '', headers: new Headers({ 'Retry-After': '90' }) }
  expect(toProblem({}, refusal)).toMatchObject({ slug: 'too-many-requests', retryAfterMs: 90_000 })
  expect(toProblem({}, { status: 429, statusText: '' }).retryAfterMs).toBeNull()
})
