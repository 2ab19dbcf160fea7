import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Statement } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { Button, IconButton } from '../../../ui/Button'
import { FileButton } from '../../../ui/FileButton'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { money } from './money'
import { isOver, statements } from './queries'

/** The statements that were sent, how their import goes, and the way to send another one. */
export function Statements({ artistId }: { artistId: string }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(statements(artistId))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  useFreshNumbers(artistId, items.filter(isOver).length)
  return (
    <section aria-label={t('earnings.statements')} className="flex flex-col gap-4 rounded-2xl border border-line bg-surface p-6">
      <h2 className="text-2xl">{t('earnings.statements')}</h2>
      <Upload artistId={artistId} />
      {list.isPending && <Loading><Block className="h-16 w-full" /></Loading>}
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      <ul className="flex flex-col divide-y divide-line">{items.map((item) => <Line key={item.id} artistId={artistId} statement={item} />)}</ul>
      {list.hasNextPage && <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </section>
  )
}

/** What came in, or went, changes the numbers beside. */
function useFreshNumbers(artistId: string, over: number): void {
  const client = useQueryClient()
  const before = useRef(over)
  useEffect(() => {
    if (before.current === over) return
    before.current = over
    void client.invalidateQueries({ queryKey: ['earnings', artistId] })
    void client.invalidateQueries({ queryKey: ['sold-items', artistId] })
  }, [client, artistId, over])
}

function Upload({ artistId }: { artistId: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const sending = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData()
      form.append('file', file)
      return answer(api.POST('/api/v1/artists/{id}/statements', { params: { path: { id: artistId } }, body: form as never, bodySerializer: (body) => body as never }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['statements', artistId] }),
  })
  return (
    <>
      <p className="text-sm text-soft">{t('earnings.uploadLead')}</p>
      <FileButton label={t('earnings.upload')} accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain" look="primary" busy={sending.isPending} onFile={(file) => sending.mutate(file)} />
      {sending.isError && <ProblemNotice problem={sending.error} />}
    </>
  )
}

function Line({ artistId, statement }: { artistId: string; statement: Statement }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const name = statement.filename ?? t('earnings.statement')
  const removing = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/artists/{id}/statements/{statement}', { params: { path: { id: artistId, statement: statement.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['statements', artistId] }),
  })
  return (
    <li className="flex items-start gap-3 py-3">
      <div className="min-w-0 flex-1 text-sm">
        <p className="truncate font-semibold">{name}</p>
        {statement.state === 'ready' && (
          <p className="figures text-soft">
            {[statement.totals.map((total) => money(total, locale)).join(' + '), t('earnings.lines', { count: statement.sales ?? 0 }), statement.repeated > 0 && t('earnings.repeated', { count: statement.repeated })].filter(Boolean).join(' · ')}
          </p>
        )}
        {!isOver(statement) && (
          <p role="status" className="figures text-soft">{t(statement.state === 'loading' ? 'earnings.loading' : 'earnings.checking', { percent: statement.percent })}</p>
        )}
        {statement.problem && <p role="alert" className="text-alarm">{statement.problem.message}</p>}
        {removing.isError && <ProblemNotice problem={removing.error} className="mt-2" />}
      </div>
      <IconButton icon="trash" label={t('earnings.remove', { name })} disabled={removing.isPending} onClick={() => removing.mutate()} />
    </li>
  )
}
