import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { HeardTrack } from '../../../api/types'
import { useProblemText } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Button, IconButton } from '../../../ui/Button'
import { Confirm } from '../../../ui/Dialog'
import { Field } from '../../../ui/Field'
import { Block, EmptyState, Loading, ProblemNotice } from '../../../ui/Notice'
import { ago } from '../../../ui/time'
import { showToast } from '../../../ui/toasts'
import { useRested } from '../../search/queries'
import { playTracks } from '../player'
import { KeptTrack } from './KeptTrack'
import { heardTracks } from './queries'

/** What was heard, to search and to forget. */
export function History() {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [forgetting, setForgetting] = useState(false)
  return (
    <>
      <div className="mb-6 flex flex-wrap items-end gap-4">
        <Field label={t('library.search')} type="search" maxLength={200} autoComplete="off" value={text} onChange={(event) => setText(event.target.value)} className="min-w-0 flex-1 basis-60" />
        <Button look="danger" icon="trash" onClick={() => setForgetting(true)}>{t('library.forgetAll')}</Button>
      </div>
      <Heard q={useRested(text).trim()} />
      {forgetting && <ForgetAll onClose={() => setForgetting(false)} />}
    </>
  )
}

const places = [0, 1, 2, 3, 4]

function Heard({ q }: { q: string }) {
  const { t } = useTranslation()
  const heard = useInfiniteQuery(heardTracks(q))
  if (heard.isPending) return <Loading>{places.map((place) => <Block key={place} className="mb-3 h-12 w-full" />)}</Loading>
  if (heard.isError && !heard.data) return <ProblemNotice problem={heard.error} onRetry={() => void heard.refetch()} />
  const items = heard.data?.pages.flatMap((page) => page.items) ?? []
  if (items.length === 0 && q !== '') return <EmptyState title={t('library.nothing', { q })} />
  if (items.length === 0) return <EmptyState title={t('library.noHistory')}><p>{t('library.noHistoryLead')}</p></EmptyState>
  return (
    <>
      <ul>{items.map((play) => <Line key={play.id} play={play} />)}</ul>
      {heard.hasNextPage && <Button className="mt-6" busy={heard.isFetchingNextPage} onClick={() => void heard.fetchNextPage()}>{t('common.more')}</Button>}
    </>
  )
}

function Line({ play }: { play: HeardTrack }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const problemText = useProblemText()
  const track = play.track ?? null
  const forgetting = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/history/{id}', { params: { path: { id: play.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['library', 'history'] }),
    onError: (problem) => showToast({ title: problemText(problem) }),
  })
  return (
    <KeptTrack track={track} note={ago(play.played_at, locale)} onPlay={() => track && playTracks([track])}>
      <IconButton label={t('library.forget', { title: track?.title ?? '' })} icon="trash" disabled={forgetting.isPending} onClick={() => forgetting.mutate()} />
    </KeptTrack>
  )
}

function ForgetAll({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const forgetting = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/history')),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['library', 'history'] })
      onClose()
    },
  })
  return (
    <Confirm title={t('library.forgetTitle')} action={t('library.forgetAll')} busy={forgetting.isPending} problem={forgetting.error} onConfirm={() => forgetting.mutate()} onClose={onClose}>
      <p>{t('library.forgetText')}</p>
    </Confirm>
  )
}
