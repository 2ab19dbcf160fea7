import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { ArtistPackage } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { Button, Spinner } from '../../../ui/Button'
import { Block, Loading, Note, ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { Sheet } from '../people/Sheet'
import { newestPackage } from './queries'

/** A package of everything that is an artist's: asked for, made meanwhile, fetched. */
export function TakeAlong({ artistId }: { artistId: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const query = newestPackage(artistId)
  const newest = useQuery(query)
  const asking = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/artists/{id}/export', { params: { path: { id: artistId } } })),
    onSuccess: (asked) => client.setQueryData(query.queryKey, asked),
  })
  const state = newest.data?.state
  return (
    <Sheet title={t('moving.along')} lead={t('moving.alongLead')}>
      <div className="flex flex-col gap-4">
        {newest.isPending && <Loading><Block className="h-10 w-48" /></Loading>}
        {newest.isError && !newest.data && <ProblemNotice problem={newest.error} onRetry={() => void newest.refetch()} />}
        {asking.isError && <ProblemNotice problem={asking.error} />}
        {state === 'waiting' && <p role="status" className="flex items-center gap-3"><Spinner /> {t('moving.making')}</p>}
        {state === 'failed' && <Note>{t('moving.makingFailed')}</Note>}
        {newest.data && state === 'ready' && <Ready artistId={artistId} made={newest.data} />}
        {newest.isSuccess && state !== 'waiting' && <div><Button icon="box" busy={asking.isPending} onClick={() => asking.mutate()}>{t(state === 'ready' ? 'moving.makeAgain' : 'moving.make')}</Button></div>}
      </div>
    </Sheet>
  )
}

function Ready({ artistId, made }: { artistId: string; made: ArtistPackage }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const fetching = useMutation({ mutationFn: () => download(artistId) })
  const size = new Intl.NumberFormat(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format((made.size_bytes ?? 0) / 1e6)
  return (
    <>
      <p role="status">
        <span className="font-semibold">{t('moving.made', { size })}</span>{' '}
        {made.expires_at && <span className="text-soft">{t('moving.until', { day: day(made.expires_at, locale) })}</span>}
      </p>
      {fetching.isError && <ProblemNotice problem={fetching.error} />}
      <div><Button look="primary" icon="download" busy={fetching.isPending} onClick={() => fetching.mutate()}>{t('moving.download')}</Button></div>
    </>
  )
}

/** The browser itself fetches what may be many gigabytes. A page cannot ask for a proof on the way: it asks before. */
async function download(artistId: string): Promise<void> {
  const body = await answer<unknown>(api.GET('/api/v1/artists/{id}/export/archive', { params: { path: { id: artistId } }, parseAs: 'stream' }))
  if (body instanceof ReadableStream) await body.cancel()
  const link = document.createElement('a')
  link.href = `/api/v1/artists/${artistId}/export/archive`
  link.download = ''
  link.click()
}
