import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { AppPassword } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Button, IconButton } from '../../../ui/Button'
import { Confirm } from '../../../ui/Dialog'
import { Field } from '../../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { ago, day } from '../../../ui/time'
import { appPasswords } from './queries'
import { Actions, SectionForm } from './Section'
import { ShownOnce } from './ShownOnce'

/** A password for each player that must compute with one. */
export function AppPasswords() {
  const { t } = useTranslation()
  const list = useInfiniteQuery(appPasswords)
  const [password, setPassword] = useState<string | null>(null)
  if (list.isPending) return <Loading><Block className="h-10 w-48" /></Loading>
  if (list.isError && !list.data) return <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />
  const items = list.data.pages.flatMap((page) => page.items)
  return (
    <>
      {password === null ? <NewAppPassword onPassword={setPassword} /> : <ShownOnce title={t('appPasswords.once')} secret={password} onDone={() => setPassword(null)} />}
      {items.length > 0 && <ul className="flex flex-col divide-y divide-line">{items.map((item) => <Line key={item.id} item={item} />)}</ul>}
      {list.hasNextPage && <Actions><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button></Actions>}
    </>
  )
}

function NewAppPassword({ onPassword }: { onPassword: (password: string) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const creating = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/app-passwords', { body: { name: name.trim() } })),
    onSuccess: async ({ password }) => {
      onPassword(password)
      await client.invalidateQueries({ queryKey: appPasswords.queryKey })
    },
  })
  const problem = useFieldProblem(creating.error)('name')
  return (
    <SectionForm label={t('appPasswords.new')} onSubmit={() => creating.mutate()}>
      {creating.isError && problem === null && <ProblemNotice problem={creating.error} />}
      <Field label={t('appPasswords.name')} hint={t('appPasswords.nameHint')} problem={problem} required maxLength={64} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
      <Actions><Button type="submit" icon="plus" busy={creating.isPending}>{t('appPasswords.new')}</Button></Actions>
    </SectionForm>
  )
}

function Line({ item }: { item: AppPassword }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const [asking, setAsking] = useState(false)
  const used = item.last_used_at ? t('passkeys.used', { when: ago(item.last_used_at, locale) }) : t('passkeys.unused')
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{item.name}</p>
        <p className="text-sm text-soft">{`${t('settings.since', { day: day(item.created_at, locale) })} · ${used}`}</p>
      </div>
      <IconButton label={t('tokens.deleteOf', { name: item.name })} icon="trash" onClick={() => setAsking(true)} />
      {asking && <Deletion item={item} onClose={() => setAsking(false)} />}
    </li>
  )
}

function Deletion({ item, onClose }: { item: AppPassword; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const deleting = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/app-passwords/{id}', { params: { path: { id: item.id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: appPasswords.queryKey })
      onClose()
    },
  })
  return (
    <Confirm title={t('tokens.deleteOf', { name: item.name })} action={t('common.delete')} busy={deleting.isPending} problem={deleting.error} onConfirm={() => deleting.mutate()} onClose={onClose}>
      {t('appPasswords.deleteText')}
    </Confirm>
  )
}
