import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Export as Archive } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { Button, Spinner } from '../../../ui/Button'
import { Block, Loading, Note, ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { newestExport } from './queries'
import { Actions } from './Section'

/** An archive of everything: asked for, made meanwhile, fetched. */
export function Export() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const newest = useQuery(newestExport)
  const asking = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/export')),
    onSuccess: (asked) => client.setQueryData(newestExport.queryKey, asked),
  })
  if (newest.isPending) return <Loading><Block className="h-10 w-48" /></Loading>
  if (newest.isError && !newest.data) return <ProblemNotice problem={newest.error} onRetry={() => void newest.refetch()} />
  const state = newest.data?.state
  return (
    <>
      {asking.isError && <ProblemNotice problem={asking.error} />}
      {state === 'waiting' && <p role="status" className="flex items-center gap-3"><Spinner /> {t('export.waiting')}</p>}
      {state === 'failed' && <Note>{t('export.failed')}</Note>}
      {newest.data && state === 'ready' && <Ready archive={newest.data} />}
      {state !== 'waiting' && <Actions><Button icon="box" busy={asking.isPending} onClick={() => asking.mutate()}>{t(state === 'ready' ? 'export.again' : 'export.ask')}</Button></Actions>}
    </>
  )
}

function Ready({ archive }: { archive: Archive }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const fetching = useMutation({ mutationFn: download })
  const size = new Intl.NumberFormat(locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format((archive.size_bytes ?? 0) / 1e6)
  return (
    <>
      <p role="status">
        <span className="font-semibold">{t('export.ready', { size })}</span>{' '}
        {archive.expires_at && <span className="text-soft">{t('export.until', { day: day(archive.expires_at, locale) })}</span>}
      </p>
      {fetching.isError && <ProblemNotice problem={fetching.error} />}
      <Actions><Button look="primary" icon="download" busy={fetching.isPending} onClick={() => fetching.mutate()}>{t('export.download')}</Button></Actions>
    </>
  )
}

/** The archive may hold many gigabytes, so the browser itself fetches it. A page cannot ask for a proof on the way: it asks before. */
async function download(): Promise<void> {
  const path = '/api/v1/me/export/archive'
  const body = await answer<unknown>(api.GET(path, { parseAs: 'stream' }))
  if (body instanceof ReadableStream) await body.cancel()
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}
