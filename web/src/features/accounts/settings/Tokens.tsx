import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { ApiToken, Me, Scope } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Button, IconButton } from '../../../ui/Button'
import { Confirm } from '../../../ui/Dialog'
import { Choice, Field, Tick } from '../../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { ago, day } from '../../../ui/time'
import { tokens } from './queries'
import { Actions, SectionForm } from './Section'
import { ShownOnce } from './ShownOnce'

/** What programs sign in with: each with its own rights and its own end. */
export function Tokens({ me }: { me: Me }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(tokens)
  const [state, setState] = useState<{ secret: string } | 'new' | null>(null)
  if (list.isPending) return <Loading><Block className="h-10 w-48" /></Loading>
  if (list.isError && !list.data) return <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />
  const items = list.data.pages.flatMap((page) => page.items)
  return (
    <>
      {state === null && <Actions><Button icon="plus" onClick={() => setState('new')}>{t('tokens.new')}</Button></Actions>}
      {state === 'new' && <NewToken me={me} onSecret={(secret) => setState({ secret })} onCancel={() => setState(null)} />}
      {state !== null && state !== 'new' && <ShownOnce title={t('tokens.once')} secret={state.secret} onDone={() => setState(null)} />}
      {items.length > 0 && <ul className="flex flex-col divide-y divide-line">{items.map((token) => <Line key={token.id} token={token} />)}</ul>}
      {list.hasNextPage && <Actions><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button></Actions>}
    </>
  )
}

/** Which scopes are of use to which role; the order is that of their power. */
const scopes: readonly { scope: Scope; roles: readonly Me['role'][] }[] = [
  { scope: 'read', roles: ['listener', 'moderator', 'admin'] },
  { scope: 'listen', roles: ['listener', 'moderator', 'admin'] },
  { scope: 'library', roles: ['listener', 'moderator', 'admin'] },
  { scope: 'upload', roles: ['listener', 'moderator', 'admin'] },
  { scope: 'moderate', roles: ['moderator', 'admin'] },
  { scope: 'admin', roles: ['admin'] },
]

const lifetimes = ['30', '90', '365', ''] as const

function NewToken({ me, onSecret, onCancel }: { me: Me; onSecret: (secret: string) => void; onCancel: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<Scope[]>(['read'])
  const [days, setDays] = useState<string>('90')
  const creating = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/tokens', { body: { name: name.trim(), scopes: chosen, ...(days === '' ? {} : { expires_in_days: Number(days) }) } })),
    onSuccess: async ({ secret }) => {
      onSecret(secret)
      await client.invalidateQueries({ queryKey: tokens.queryKey })
    },
  })
  const problem = useFieldProblem(creating.error)('name')
  const turn = (scope: Scope) => setChosen(chosen.includes(scope) ? chosen.filter((other) => other !== scope) : [...chosen, scope])
  return (
    <SectionForm label={t('tokens.new')} onSubmit={() => creating.mutate()}>
      {creating.isError && problem === null && <ProblemNotice problem={creating.error} />}
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Field focused label={t('tokens.name')} problem={problem} required maxLength={64} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        <Choice label={t('tokens.lifetime')} value={days} onChange={(event) => setDays(event.target.value)} options={lifetimes.map((value) => ({ value, label: value === '' ? t('tokens.forever') : t('tokens.days', { count: Number(value) }) }))} />
      </div>
      <fieldset>
        <legend className="mb-2 text-sm font-semibold">{t('tokens.scopes')}</legend>
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
          {scopes.filter(({ roles }) => roles.includes(me.role)).map(({ scope }) => <Tick key={scope} label={scope} hint={t(`scopes.${scope}`)} checked={chosen.includes(scope)} onChange={() => turn(scope)} />)}
        </div>
      </fieldset>
      <Actions>
        <Button type="submit" look="primary" busy={creating.isPending} disabled={chosen.length === 0}>{t('tokens.create')}</Button>
        <Button look="plain" onClick={onCancel}>{t('common.cancel')}</Button>
      </Actions>
    </SectionForm>
  )
}

function Line({ token }: { token: ApiToken }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const [asking, setAsking] = useState(false)
  const [now] = useState(Date.now)
  const isOver = token.expires_at != null && new Date(token.expires_at).getTime() < now
  const end = token.expires_at == null ? t('tokens.forever') : t(isOver ? 'tokens.over' : 'tokens.until', { day: day(token.expires_at, locale) })
  const used = token.last_used_at ? t('passkeys.used', { when: ago(token.last_used_at, locale) }) : t('passkeys.unused')
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{token.name} <code className="ml-1 text-sm font-normal text-soft">{token.hint}…</code></p>
        <p className="text-sm text-soft">{[token.scopes.join(', '), end, used].join(' · ')}</p>
      </div>
      <IconButton label={t('tokens.deleteOf', { name: token.name })} icon="trash" onClick={() => setAsking(true)} />
      {asking && <Deletion token={token} onClose={() => setAsking(false)} />}
    </li>
  )
}

function Deletion({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const deleting = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/tokens/{id}', { params: { path: { id: token.id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: tokens.queryKey })
      onClose()
    },
  })
  return (
    <Confirm title={t('tokens.deleteOf', { name: token.name })} action={t('common.delete')} busy={deleting.isPending} problem={deleting.error} onConfirm={() => deleting.mutate()} onClose={onClose}>
      {t('tokens.deleteText')}
    </Confirm>
  )
}
