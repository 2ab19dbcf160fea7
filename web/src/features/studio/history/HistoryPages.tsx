import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/Button'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { ArtistTabs } from '../ArtistTabs'
import { OwnArtist } from '../OwnArtist'
import { OwnRelease } from '../release/OwnRelease'
import { ReleaseHead } from '../release/ReleaseHead'
import { OwnTrack } from '../track/OwnTrack'
import { Entry, type Subject } from './Entry'
import { artistHistory, releaseHistory, trackHistory } from './queries'

/** Every change of a release and its tracks. */
export function ReleaseHistoryPage() {
  const { t } = useTranslation()
  return (
    <OwnRelease>
      {(release, mayEdit) => (
        <>
          <title>{`${release.title} · ${t('releaseTabs.history')} · Legato`}</title>
          <ReleaseHead release={release} mayEdit={mayEdit} />
          <List query={releaseHistory(release.id)} of={{ kind: 'release', id: release.id }} mayEdit={mayEdit} />
        </>
      )}
    </OwnRelease>
  )
}

/** Every change of an artist's profile. */
export function ArtistHistoryPage() {
  const { t } = useTranslation()
  return (
    <OwnArtist>
      {(artist) => (
        <>
          <title>{`${artist.name} · ${t('releaseTabs.history')} · Legato`}</title>
          <ArtistTabs artist={artist} />
          <List query={artistHistory(artist.id)} of={{ kind: 'artist', id: artist.id }} mayEdit={artist.role !== 'viewer'} />
        </>
      )}
    </OwnArtist>
  )
}

/** Every change of a track. */
export function TrackHistoryPage() {
  return <OwnTrack page="history">{(track, mayEdit) => <List query={trackHistory(track.release.id, track.id)} of={{ kind: 'release', id: track.release.id }} mayEdit={mayEdit} />}</OwnTrack>
}

interface ListProps {
  query: ReturnType<typeof releaseHistory> | ReturnType<typeof trackHistory> | ReturnType<typeof artistHistory>
  of: Subject
  mayEdit: boolean
}

function List({ query, of, mayEdit }: ListProps) {
  const { t } = useTranslation()
  // All ask for pages of the same shape; only a track's entry names the track.
  const list = useInfiniteQuery(query as ReturnType<typeof releaseHistory>)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section aria-label={t('releaseTabs.history')} className="max-w-4xl">
      {list.isPending && <Loading><Block className="h-24 w-full rounded-2xl" /></Loading>}
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-soft">{t('history.none')}</p>}
      <ol className="flex flex-col gap-3">{items.map((entry) => <Entry key={entry.id} entry={entry} of={of} mayEdit={mayEdit} takenBack={items.find((other) => other.id === entry.takes_back)} />)}</ol>
      {list.hasNextPage && <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </section>
  )
}
