import { useInfiniteQuery, useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { SoldItem } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Choice } from '../../../ui/Field'
import { ProblemNotice } from '../../../ui/Notice'
import { artistReleases, releaseQuery } from '../../artists/queries'
import { money } from './money'
import { unmatched } from './queries'

/** What was sold elsewhere and is no track here yet: which one is it? */
export function Unmatched({ artistId }: { artistId: string }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(unmatched(artistId))
  const tracks = useTracks(artistId)
  const items = list.data?.pages.flatMap((page) => page.items).filter((item) => item.sales > 0 && item.matched_by !== 'hand') ?? []
  if (items.length === 0) return null
  return (
    <section aria-label={t('earnings.unmatched')}>
      <h2 className="mb-2 text-2xl">{t('earnings.unmatched')}</h2>
      <p className="mb-4 text-sm text-soft">{t('earnings.unmatchedLead')}</p>
      <ul className="flex flex-col divide-y divide-line rounded-2xl border border-line bg-surface px-6">
        {items.map((item) => <Line key={item.id} artistId={artistId} item={item} tracks={tracks} />)}
      </ul>
      {list.hasNextPage && <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </section>
  )
}

type Tracks = { id: string; title: string }[]

/** The tracks of the artist's newest releases. */
function useTracks(artistId: string): Tracks {
  const releases = useInfiniteQuery(artistReleases(artistId))
  const ids = releases.data?.pages.flatMap((page) => page.items.map((release) => release.id)) ?? []
  const details = useQueries({ queries: ids.map((id) => releaseQuery(id)) })
  return details.flatMap(({ data: release }) => (release ? release.tracks.map((track) => ({ id: track.id, title: `${track.title} – ${release.title}` })) : []))
}

function Line({ artistId, item, tracks }: { artistId: string; item: SoldItem; tracks: Tracks }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const assigning = useMutation({
    mutationFn: (track: string | null) => answer(api.PUT('/api/v1/artists/{id}/sold-items/{item}/track', { params: { path: { id: artistId, item: item.id } }, body: { track_id: track } })),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['sold-items', artistId] })
      await client.invalidateQueries({ queryKey: ['earnings', artistId] })
    },
  })
  const facts = [item.artist, item.release, item.isrc, item.amounts.map((amount) => money(amount, locale)).join(' + ')]
  const options = [{ value: '', label: t('earnings.choose') }, ...tracks.map((track) => ({ value: track.id, label: track.title })), { value: 'none', label: t('earnings.noneOfThese') }]
  return (
    <li className="flex flex-wrap items-end justify-between gap-3 py-4">
      <div className="min-w-0 text-sm">
        <p className="truncate font-semibold">{item.title}</p>
        <p className="figures text-soft">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <Choice label={t('earnings.assign', { title: item.title })} value="" disabled={assigning.isPending} options={options} onChange={(event) => event.target.value && assigning.mutate(event.target.value === 'none' ? null : event.target.value)} />
      {assigning.isError && <ProblemNotice problem={assigning.error} className="basis-full" />}
    </li>
  )
}
