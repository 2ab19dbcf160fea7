import { useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import { NotFound } from '../../NotFound'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { trackQuery } from './queries'

/** The address of a track, which feeds and link previews name: it leads to its line in the release. */
export function TrackPage() {
  const { id = '' } = useParams()
  const track = useQuery(trackQuery(id))
  if (track.isPending) return <Loading><Block className="h-10 w-64" /></Loading>
  if (track.error instanceof ApiProblem && track.error.status === 404) return <NotFound />
  if (track.isError) return <ProblemNotice problem={track.error} onRetry={() => void track.refetch()} />
  return <Navigate replace to={`/releases/${track.data.release.id}?track=${track.data.id}`} />
}
