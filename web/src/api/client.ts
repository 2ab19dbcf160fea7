import createClient from 'openapi-fetch'
import { ApiProblem, toProblem } from './problem'
import type { paths } from './schema'

/** The typed client of the server's own API: the session cookie goes along, nothing leaves this origin. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' })

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
