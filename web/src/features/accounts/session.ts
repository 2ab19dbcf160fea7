import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import type { Me } from '../../api/types'

/** Says only that somebody signed in here, so that visitors are not asked for and refused on each page. */
const hintKey = 'legato.signed-in'
const otherTabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('legato.session')

const me = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    if (!hinted()) return null
    try {
      return await answer(api.GET('/api/v1/me'))
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status !== 401) throw problem
      hint(false)
      return null
    }
  },
  staleTime: 5 * 60_000,
})

/** Who is signed in: null for nobody, `isPending` until the server has said. */
export function useMe() {
  return useQuery(me)
}

export async function signIn(login: string, password: string): Promise<void> {
  const session = await answer(api.POST('/api/v1/session', { body: { login, password, cookie: true } }))
  hint(true)
  queryClient.setQueryData(me.queryKey, session.account)
  // What was fetched as a visitor says nothing of this account's follows and drafts.
  await queryClient.resetQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
  otherTabs?.postMessage('changed')
}

export async function signUp(handle: string, email: string, password: string): Promise<void> {
  await answer(api.POST('/api/v1/accounts', { body: { handle, email, password } }))
  await signIn(handle, password)
}

/** Ends the session and loads the page anew, so that nothing of the account stays in memory. */
export async function signOut(): Promise<void> {
  try {
    await answer(api.DELETE('/api/v1/session'))
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.status !== 401) throw problem
  }
  hint(false)
  queryClient.clear()
  otherTabs?.postMessage('changed')
  window.location.replace('/')
}

/** Other tabs of this browser share the cookie: what they show is no longer theirs. */
export function followOtherTabs(): void {
  otherTabs?.addEventListener('message', () => window.location.reload())
}

/** A session that ended elsewhere (it expired, or another device ended it) is noticed by the first refusal. */
export function followExpiry(): void {
  queryClient.getQueryCache().config.onError = noticeEnd
  queryClient.getMutationCache().config.onError = noticeEnd
}

function noticeEnd(problem: unknown): void {
  if (!(problem instanceof ApiProblem) || problem.slug !== 'unauthenticated') return
  hint(false)
  queryClient.setQueryData(me.queryKey, null)
}

function hinted(): boolean {
  try {
    return localStorage.getItem(hintKey) !== null
  } catch {
    return true // Storage is blocked: ask the server.
  }
}

function hint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(hintKey, '1')
    else localStorage.removeItem(hintKey)
  } catch {
    // Storage is blocked: the server is asked each time.
  }
}
