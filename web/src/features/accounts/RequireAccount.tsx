import type { ReactNode } from 'react'
import { Navigate, useLocation } from 'react-router'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { useMe } from './session'

/** Shows its children to the signed-in; sends others to the sign-in page and back here afterwards. */
export function RequireAccount({ children }: { children: ReactNode }) {
  const me = useMe()
  const here = useLocation()
  if (me.isPending) return <Loading><Block className="h-10 w-64" /></Loading>
  if (me.isError) return <ProblemNotice problem={me.error} onRetry={() => void me.refetch()} />
  if (me.data === null) return <Navigate replace to={`/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`} />
  return children
}
