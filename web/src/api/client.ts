import createClient, { type Middleware } from 'openapi-fetch'
import { ApiProblem, toProblem } from './problem'
import { proveAgain } from './proof'
import type { paths } from './schema'

/** The typed client of the server's own API: the session cookie goes along, nothing leaves this origin. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })

/** What would hurt in a thief's hands is refused until its owner has proved once more who they are; then it is sent again. */
const proofs: Middleware = {
  onRequest({ request, id }) {
    copies.set(id, request.clone())
  },
  async onResponse({ response, id }) {
    const copy = copies.get(id)
    copies.delete(id)
    if (!copy || response.status !== 403 || !(await asksForProof(response))) return undefined
    return (await proveAgain()) ? fetch(copy) : undefined
  },
  onError({ id }) {
    copies.delete(id)
  },
}

/** A request's body is gone once it was sent. */
const copies = new Map<string, Request>()
api.use(proofs)

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
  let outcome: Outcome<T>
  try {
    outcome = await call
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiProblem({ slug: 'offline', title: 'The server cannot be reached', status: 0 })
  }
  if (!outcome.response.ok) throw toProblem(outcome.error, outcome.response)
  return outcome.data as T
}
