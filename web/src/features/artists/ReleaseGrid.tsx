import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReleaseSummary } from '../../api/types'
import { Button } from '../../ui/Button'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { cardGrid, ReleaseCard } from './ReleaseCard'

interface ReleasePages {
  data: { pages: { items: ReleaseSummary[] }[] } | undefined
  isPending: boolean
  isError: boolean
  error: unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  refetch: () => unknown
  fetchNextPage: () => unknown
}

interface ReleaseGridProps {
  query: ReleasePages
  line?: 'artist' | 'year'
  /** Which of the releases belong here; all by default. */
  only?: (release: ReleaseSummary) => boolean
  empty: ReactNode
}

/** A list of releases in each of its states: on its way, failed, empty, there, and with more to come. */
export function ReleaseGrid({ query, line = 'artist', only, empty }: ReleaseGridProps) {
  const { t } = useTranslation()
  if (query.isPending) return <ReleaseGridLoading />
  if (query.isError && !query.data) return <ProblemNotice problem={query.error} onRetry={() => void query.refetch()} />
  const releases = query.data?.pages.flatMap((page) => page.items).filter((release) => only?.(release) ?? true) ?? []
  if (releases.length === 0 && !query.hasNextPage) return empty
  return (
    <>
      <div className={`rise ${cardGrid}`}>
        {releases.map((release) => <ReleaseCard key={release.id} release={release} line={line} />)}
      </div>
      {query.hasNextPage && (
        <div className="mt-10 flex justify-center">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{t('common.more')}</Button>
        </div>
      )}
    </>
  )
}

const places = Array.from({ length: 10 }, (_, index) => index)

export function ReleaseGridLoading() {
  return (
    <Loading>
      <div className={cardGrid}>
        {places.map((place) => (
          <div key={place}>
            <Block className="aspect-square w-full rounded-xl" />
            <Block className="mt-3 h-5 w-4/5" />
            <Block className="mt-2 h-4 w-1/2" />
          </div>
        ))}
      </div>
    </Loading>
  )
}
