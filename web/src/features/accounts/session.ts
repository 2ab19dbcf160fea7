import { queryOptions, useQuery } from '@tanstack/react-query'
import { answer, api } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import type { Me } from '../../api/types'
import { assertion, type Assertion } from './passkey'

/** Says only that somebody signed in here, so that visitors are not asked for and refused on each page. */
const hintKey = 'legato.signed-in'
const otherTabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('legato.session')
/** Whose traces this page may hold: in its caches, its player, its uploads. */
let owner: string | null = null

const me = queryOptions({
  queryKey: ['me'],
  queryFn: async (): Promise<Me | null> => {
    if (!hinted()) return null
    try {
      const account = await answer(api.GET('/api/v1/me'))
      takeOver(account)
      return account
    } catch (problem) {
      if (!(problem instanceof ApiProblem) || problem.status !== 401) throw problem
      hint(false)
      // Whoever was here has been signed out elsewhere.
      if (owner !== null) void forget()
      return null
    }
  },
  staleTime: 5 * 60_000,
})

/** Who is signed in: null for nobody, `isPending` until the server has said. */
export function useMe() {
  return useQuery(me)
}

/** Shows what the server answered after a change of the account. */
export function showMe(account: Me): void {
  queryClient.setQueryData(me.queryKey, account)
}

export function refetchMe(): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: me.queryKey })
}

/** What proves who somebody is: a password, another provider's word with a code, or a passkey. */
export type Proofs =
  | { kind: 'password'; login: string; password: string; code?: string | undefined }
  | { kind: 'challenge'; challenge: string; code: string }
  | { kind: 'passkey'; assertion: Assertion }

/** Signs in; `reopen` keeps an account that is about to be closed. */
export async function signIn(proofs: Proofs, reopen = false): Promise<void> {
  const session = await open(proofs, { cookie: true, reopen })
  hint(true)
  otherTabs?.postMessage('changed')
  takeOver(session.account)
  showMe(session.account)
  // What was fetched as a visitor says nothing of this account's follows and drafts.
  await forget()
}

/** Forgets what the server told, but for who is signed in. What is on the page is fetched anew. */
function forget(): Promise<void> {
  return queryClient.resetQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
}

function open(proofs: Proofs, wishes: { cookie: boolean; reopen: boolean }) {
  switch (proofs.kind) {
    case 'password': {
      const { login, password, code } = proofs
      return answer(api.POST('/api/v1/session', { body: { login, password, ...(code ? { code } : {}), ...wishes } }))
    }
    case 'challenge':
      return answer(api.POST('/api/v1/session/second-factor', { body: { challenge: proofs.challenge, code: proofs.code, ...wishes } }))
    case 'passkey':
      return answer(api.POST('/api/v1/session/passkey', { body: { ...proofs.assertion, ...wishes } }))
  }
}

/** Asks the browser for a passkey. With `signal` it waits among the suggestions of the login field until one is chosen. */
export async function askPasskey(signal?: AbortSignal): Promise<Proofs> {
  const begun = await answer(api.POST('/api/v1/session/passkey-ceremonies'))
  return { kind: 'passkey', assertion: await assertion(begun, signal) }
}

/** Opens an account; true when it is open at once, false when a letter has to be followed first. */
export async function signUp(form: { handle: string; email: string; password: string; language: Me['language']; invitation?: string }): Promise<boolean> {
  const account = await answer(api.POST('/api/v1/accounts', { body: form }))
  if (!account) return false
  await signIn({ kind: 'password', login: form.handle, password: form.password })
  return true
}

/** Ends the session. */
export async function signOut(): Promise<void> {
  try {
    await answer(api.DELETE('/api/v1/session'))
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || problem.status !== 401) throw problem
  }
  leave('/')
}

/**
 * Loads another page anew after the session ended, so that nothing of the account stays in memory. Until then the page keeps
 * what it has: whatever it lost it would ask for again, as nobody.
 */
export function leave(path: string): void {
  hint(false)
  otherTabs?.postMessage('changed')
  window.location.replace(path)
}

/** Other tabs of this browser share the cookie: what they show is no longer theirs. */
export function followOtherTabs(): void {
  otherTabs?.addEventListener('message', () => window.location.reload())
  // A page that the browser kept for its back button may be another account's.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) window.location.reload()
  })
}

/** A session that ended elsewhere (it expired, or another device ended it) is noticed by the first refusal. */
export function followExpiry(): void {
  queryClient.getQueryCache().config.onError = noticeEnd
  queryClient.getMutationCache().config.onError = noticeEnd
}

function noticeEnd(problem: unknown): void {
  if (!(problem instanceof ApiProblem) || problem.slug !== 'unauthenticated' || !queryClient.getQueryData(me.queryKey)) return
  hint(false)
  queryClient.setQueryData(me.queryKey, null)
  void forget()
}

/** Another account than the one before begins on a page of its own: no queue, no upload, no list of the former stays. */
function takeOver(account: Me): void {
  if (owner !== null && owner !== account.id) window.location.reload()
  owner = account.id
}

/** The browser goes to another provider and may come back signed in: the server is asked then. */
export function expectSession(): void {
  hint(true)
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
