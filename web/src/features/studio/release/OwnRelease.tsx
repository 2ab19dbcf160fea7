import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useParams } from 'react-router'
import { ApiProblem } from '../../../api/problem'
import type { Release } from '../../../api/types'
import { useLiveState } from '../../../live/live'
import { NotFound } from '../../../NotFound'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { artistQuery, releaseQuery } from '../../artists/queries'

/** The release of this page, for whoever acts for its artist, and whether they may change it; nothing for others. */
export function OwnRelease({ children }: { children: (release: Release, mayEdit: boolean) => ReactNode }) {
  const { id = '' } = useParams()
  const connected = useLiveState((state) => state.connected)
  const release = useQuery({
    ...releaseQuery(id),
    // Without the live channel we ask, while there is something to wait for; with it, how long those in the queue still wait.
    refetchInterval: ({ state }) => (state.data?.tracks.some((track) => track.under_way) ? (connected ? 15_000 : 3000) : false),
  })
  const mayEdit = useMayEdit(release.data?.artist.slug)
  if (release.isPending) return <Loading><Block className="h-12 w-72" /><Block className="mt-8 h-64 w-full rounded-2xl" /></Loading>
  if (release.isError && !(release.error instanceof ApiProblem && release.error.status === 404)) return <ProblemNotice problem={release.error} onRetry={() => void release.refetch()} />
  if (release.isError || !release.data.mine) return <NotFound />
  return <>{children(release.data, mayEdit)}</>
}

/** Whether one may change what is this artist's. Until that is known, one may: the server has the last word. */
export function useMayEdit(slug: string | undefined): boolean {
  const artist = useQuery({ ...artistQuery(slug ?? ''), enabled: slug !== undefined })
  return artist.data?.role !== 'viewer'
}
