import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Invitation } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Button, IconButton } from '../../../ui/Button'
import { Field } from '../../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { Actions, Section, SectionForm } from '../settings/Section'
import { ShownOnce } from '../settings/ShownOnce'
import { invitations } from './queries'

/** Invitations: made, shown once with their link, taken back. */
export function InvitationsPage() {
  const { t } = useTranslation()
  const list = useInfiniteQuery(invitations)
  const [code, setCode] = useState<string | null>(null)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Section title={t('admin.invitations')} lead={t('invitations.lead')}>
      {code === null ? <NewInvitation onCode={setCode} /> : <ShownOnce title={t('invitations.once')} secret={`${window.location.origin}/sign-up#invitation=${encodeURIComponent(code)}`} onDone={() => setCode(null)} />}
      {list.isPending && <Loading><Block className="h-10 w-48" /></Loading>}
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      <ul className="flex flex-col divide-y divide-line">{items.map((invitation) => <Line key={invitation.id} invitation={invitation} />)}</ul>
      {list.hasNextPage && <Actions><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button></Actions>}
    </Section>
  )
}

function NewInvitation({ onCode }: { onCode: (code: string) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [form, setForm] = useState({ note: '', uses: '1', days: '14' })
  const fill = (field: keyof typeof form) => (event: { target: { value: string } }) => setForm({ ...form, [field]: event.target.value })
  const inviting = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/admin/invitations', { body: { note: form.note.trim(), uses: Number(form.uses), expires_in_days: Number(form.days) } })),
    onSuccess: async ({ code }) => {
      onCode(code)
      await client.invalidateQueries({ queryKey: invitations.queryKey })
    },
  })
  const problemOf = useFieldProblem(inviting.error)
  const elsewhere = inviting.isError && ['note', 'uses', 'expires_in_days'].every((field) => problemOf(field) === null)
  return (
    <SectionForm label={t('invitations.new')} onSubmit={() => inviting.mutate()}>
      {elsewhere && <ProblemNotice problem={inviting.error} />}
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_9rem_9rem]">
        <Field label={t('invitations.note')} hint={t('invitations.noteHint')} problem={problemOf('note')} maxLength={200} autoComplete="off" value={form.note} onChange={fill('note')} />
        <Field label={t('invitations.uses')} problem={problemOf('uses')} type="number" min={1} max={1000} required value={form.uses} onChange={fill('uses')} />
        <Field label={t('invitations.days')} problem={problemOf('expires_in_days')} type="number" min={1} max={365} required value={form.days} onChange={fill('days')} />
      </div>
      <Actions><Button type="submit" look="primary" busy={inviting.isPending}>{t('invitations.new')}</Button></Actions>
    </SectionForm>
  )
}

function Line({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const withdrawing = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/admin/invitations/{id}', { params: { path: { id: invitation.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: invitations.queryKey }),
  })
  const name = invitation.note || t('invitations.unnamed')
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{name}</p>
        <p className="text-sm text-soft">{`${t('invitations.left', { count: invitation.uses_left })} · ${t('tokens.until', { day: day(invitation.expires_at, locale) })}`}</p>
        {withdrawing.isError && <ProblemNotice problem={withdrawing.error} className="mt-2" />}
      </div>
      <IconButton label={t('invitations.withdraw', { name })} icon="trash" disabled={withdrawing.isPending} onClick={() => withdrawing.mutate()} />
    </li>
  )
}
