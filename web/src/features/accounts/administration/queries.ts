import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { answer, api } from '../../../api/client'
import type { AccountState, Role } from '../../../api/types'

export interface Filter {
  q: string
  role: Role | ''
  state: AccountState | ''
}

export const accounts = ({ q, role, state }: Filter) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'accounts', q, role, state],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/admin/accounts', { params: { query: { cursor: pageParam, q: q || undefined, role: role || undefined, state: state || undefined } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  })

export const account = (id: string) => queryOptions({ queryKey: ['admin', 'account', id], queryFn: () => answer(api.GET('/api/v1/admin/accounts/{id}', { params: { path: { id } } })) })

export const auditLog = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['admin', 'audit-log', id],
    queryFn: ({ pageParam }) => answer(api.GET('/api/v1/admin/accounts/{id}/audit-log', { params: { path: { id }, query: { limit: 20, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const invitations = infiniteQueryOptions({
  queryKey: ['admin', 'invitations'],
  queryFn: ({ pageParam }) => answer(api.GET('/api/v1/admin/invitations', { params: { query: { cursor: pageParam } } })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})
