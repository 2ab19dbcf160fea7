import createClient, { type Middleware } from 'openapi-fetch'
import { ApiProblem, toProblem } from './problem'
import { proveAgain } from './proof'
import type { paths } from './schema'

/** The typed client of the server's own API: the session cookie goes along, nothing leaves this origin. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })

/**
 * What would hurt in a thief's hands is refused until its owner has proved once more who they are; then it is sent again.
 * So is what came while the server had too much under way.
 */
const again: Middleware = {
  onRequest({ request, id }) {
    copies.set(id, request.clone())
  },
  async onResponse({ response, id }) {
    const copy = copies.get(id)
    copies.delete(id)
    if (!copy) return undefined
    const calm = await whenCalm(copy, response)
    if (calm.status !== 403 || !(await asksForProof(calm))) return calm
    return (await proveAgain()) ? fetch(copy) : calm
  },
  onError({ id }) {
    copies.delete(id)
  },
}

/** A request's body is gone once it was sent. */
const copies = new Map<string, Request>()
api.use(again)

/** The longest time to come back after, and how often, before somebody is told; limits by the quarter and the hour say more. */
const SOON_S = 5
const TRIES = 3

async function whenCalm(request: Request, response: Response, tries = TRIES): Promise<Response> {
  const wait = Number(response.headers.get('retry-after') ?? Number.POSITIVE_INFINITY)
  if (response.status !== 429 || !(wait <= SOON_S) || tries === 0) return response
  await new Promise((resolve) => setTimeout(resolve, wait * 1000))
  return whenCalm(request, await fetch(request.clone()), tries - 1)
}

async function asksForProof(response: Response): Promise<boolean> {
  return toProblem(await response.clone().text(), response).slug === 'reauthentication-required'
}

interface Outcome<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The body of a successful answer; every refusal and every lost connection becomes an `ApiProblem`. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  return (await tagged(call)).data
}

/** The same with its `ETag`, on which a later change can be made to depend. */
export async function tagged<T>(call: Promise<Outcome<T>>): Promise<{ data: T; tag: string | null }> {
  let outcome: Outcome<T>
  try {
    outcome = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiProblem({ slug: 'offline', title: 'The server cannot be reached', status: 0 })
  }
  if (!outcome.response.ok) throw toProblem(outcome.error, outcome.response)
  return { data: outcome.data as T, tag: outcome.response.headers.get('etag') }
}

/** The header that makes a change depend on what its editor saw. */
export function ifMatch(tag: string | null): { 'If-Match'?: string } {
  return tag === null ? {} : { 'If-Match': tag }
}
