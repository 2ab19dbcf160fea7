import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { useProblemText } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { EmptyState, ProblemNotice } from '../../../ui/Notice'
import { showToast } from '../../../ui/toasts'
import { cardGrid, ReleaseCard } from '../../artists/ReleaseCard'
import { ReleaseGridLoading } from '../../artists/ReleaseGrid'
import { savedReleases } from './queries'

export function SavedReleases() {
  const { t } = useTranslation()
  const saved = useInfiniteQuery(savedReleases)
  if (saved.isPending) return <ReleaseGridLoading />
  if (saved.isError && !saved.data) return <ProblemNotice problem={saved.error} onRetry={() => void saved.refetch()} />
  const items = saved.data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0) return <EmptyState title={t('library.noReleases')}><p>{t('library.noReleasesLead')}</p></EmptyState>
  return (
    <>
      <h2 className="sr-only">{t('library.releases')}</h2>
      <div className={`rise ${cardGrid}`}>
        {items.map(({ release_id: id, release }) => (release ? <ReleaseCard key={id} release={release} /> : <Gone key={id} id={id} />))}
      </div>
      {saved.hasNextPage && <Button className="mt-10" busy={saved.isFetchingNextPage} onClick={() => void saved.fetchNextPage()}>{t('common.more')}</Button>}
    </>
  )
}

/** The place of a release that may be seen no longer. */
function Gone({ id }: { id: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const removing = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/library/releases/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['library', 'releases'] }),
    onError: (problem) => showToast({ title: problemText(problem) }),
  })
  return (
    <div className="grid aspect-square place-content-center gap-4 rounded-xl border border-dashed border-line p-4 text-center">
      <p className="text-soft">{t('library.gone')}</p>
      <Button icon="trash" busy={removing.isPending} onClick={() => removing.mutate()}>{t('library.takeOut')}</Button>
    </div>
  )
}
