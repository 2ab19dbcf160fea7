import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Navigate, useLocation, useParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import type { Artist } from '../../api/types'
import { NotFound } from '../../NotFound'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { artistQuery } from '../artists/queries'

/** The artist of this page, for whoever acts for it; nothing for others. */
export function OwnArtist({ children }: { children: (artist: Artist) => ReactNode }) {
  const { slug = '' } = useParams()
  const { pathname } = useLocation()
  const artist = useQuery(artistQuery(slug))
  if (artist.isPending) return <Loading><Block className="h-12 w-72" /></Loading>
  if (artist.isError && !(artist.error instanceof ApiProblem && artist.error.status === 404)) return <ProblemNotice problem={artist.error} onRetry={() => void artist.refetch()} />
  if (artist.isError || !artist.data.mine) return <NotFound />
  // A notification leads here by the id, an old bookmark by a former address.
  if (artist.data.slug !== slug) return <Navigate replace to={pathname.replace(`/artists/${slug}`, `/artists/${artist.data.slug}`)} />
  return <>{children(artist.data)}</>
}
