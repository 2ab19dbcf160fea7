import { queryOptions, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { NavLink, useParams } from 'react-router'
import { answer, api } from '../../../api/client'
import { ApiProblem } from '../../../api/problem'
import type { Track } from '../../../api/types'
import { NotFound } from '../../../NotFound'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { tabLook } from '../ArtistTabs'
import { Back } from '../Back'
import { useMayEdit } from '../release/OwnRelease'

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: ['track', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/tracks/{id}', { params: { path: { id } }, signal })),
  })

/** The track of this page under its head, for whoever acts for its artist, and whether they may change it; nothing for others. */
export function OwnTrack({ page, children }: { page: 'details' | 'shares' | 'audio' | 'history'; children: (track: Track, mayEdit: boolean) => ReactNode }) {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const track = useQuery({ ...trackQuery(id), refetchInterval: ({ state }) => (state.data?.under_way ? 3000 : false) })
  const mayEdit = useMayEdit(track.data?.artist.slug)
  if (track.isPending) return <Loading><Block className="h-12 w-72" /><Block className="mt-8 h-64 w-full rounded-2xl" /></Loading>
  if (track.isError && !(track.error instanceof ApiProblem && track.error.status === 404)) return <ProblemNotice problem={track.error} onRetry={() => void track.refetch()} />
  if (track.isError || !track.data.mine) return <NotFound />
  return (
    <>
      <title>{`${track.data.title} · ${t(`trackTabs.${page}`)} · Legato`}</title>
      <Head track={track.data} />
      {children(track.data, mayEdit)}
    </>
  )
}

function Head({ track }: { track: Track }) {
  const { t } = useTranslation()
  const here = `/studio/tracks/${track.id}`
  return (
    <>
      <Back to={`/studio/releases/${track.release.id}`}>{track.release.title}</Back>
      <h1 className="mb-6 text-3xl break-words sm:text-4xl">{track.title}</h1>
      <nav aria-label={track.title} className="mb-8 flex flex-wrap gap-x-6 border-b border-line">
        <NavLink end to={here} className={tabLook}>{t('trackTabs.details')}</NavLink>
        <NavLink to={`${here}/shares`} className={tabLook}>{t('trackTabs.shares')}</NavLink>
        <NavLink to={`${here}/audio`} className={tabLook}>{t('trackTabs.audio')}</NavLink>
        <NavLink to={`${here}/history`} className={tabLook}>{t('trackTabs.history')}</NavLink>
      </nav>
    </>
  )
}
