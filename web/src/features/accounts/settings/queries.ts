import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../../api/client'
import { isRefusal } from '../../../api/problem'

export const authenticator = queryOptions({ queryKey: ['settings', 'totp'], queryFn: () => answer(api.GET('/api/v1/me/totp')) })
export const passkeys = queryOptions({ queryKey: ['settings', 'passkeys'], queryFn: () => answer(api.GET('/api/v1/me/passkeys')) })
export const identities = queryOptions({ queryKey: ['settings', 'identities'], queryFn: () => answer(api.GET('/api/v1/me/identities')) })
export const providers = queryOptions({ queryKey: ['providers'], queryFn: () => answer(api.GET('/api/v1/oidc')), staleTime: Infinity })
export const sessions = queryOptions({ queryKey: ['settings', 'sessions'], queryFn: () => answer(api.GET('/api/v1/me/sessions')) })

export const tokens = infiniteQueryOptions({
  queryKey: ['settings', 'tokens'],
  queryFn: ({ pageParam }) => answer(api.GET('/api/v1/me/tokens', { params: { query: { cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const appPasswords = infiniteQueryOptions({
  queryKey: ['settings', 'app-passwords'],
  queryFn: ({ pageParam }) => answer(api.GET('/api/v1/me/app-passwords', { params: { query: { cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const playbackPreferences = queryOptions({ queryKey: ['settings', 'playback'], queryFn: () => answer(api.GET('/api/v1/me/playback-preferences')) })
export const scrobblers = queryOptions({ queryKey: ['settings', 'scrobblers'], queryFn: () => answer(api.GET('/api/v1/me/scrobblers')) })

/** Null where there is none. */
export const newestExport = queryOptions({
  queryKey: ['settings', 'export'],
  queryFn: async () => {
    try {
      return await answer(api.GET('/api/v1/me/export'))
    } catch (problem) {
      if (isRefusal(problem, 'not-found')) return null
      throw problem
    }
  },
  // The archive is made meanwhile.
  refetchInterval: ({ state }) => (state.data?.state === 'waiting' ? 2000 : false),
})
