import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { AccountState, ListedAccount, Role } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Choice, Field } from '../../../ui/Field'
import { Block, EmptyState, Loading, ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { useRested } from '../../search/queries'
import { accounts, type Filter } from './queries'
import { StateBadge } from './StateBadge'

export const roles = ['listener', 'moderator', 'admin'] as const satisfies readonly Role[]
const states = ['active', 'suspended', 'closing'] as const satisfies readonly AccountState[]
const places = [0, 1, 2, 3, 4]

/** Finds the accounts of this server. */
export function AccountsPage() {
  const { t } = useTranslation()
  const label = useLabel()
  const [filter, setFilter] = useState<Filter>({ q: '', role: '', state: '' })
  const q = useRested(filter.q)
  const list = useInfiniteQuery(accounts({ ...filter, q: q.trim() }))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const all = { value: '', label: t('admin.all') }
  return (
    <>
      <form role="search" className="mb-6 grid grid-cols-1 gap-4 sm:grid-cols-[minmax(0,1fr)_12rem_12rem]" onSubmit={(event) => event.preventDefault()}>
        <Field label={t('admin.find')} type="search" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={254} value={filter.q} onChange={(event) => setFilter({ ...filter, q: event.target.value })} />
        <Choice label={t('admin.role')} value={filter.role} onChange={(event) => setFilter({ ...filter, role: event.target.value as Filter['role'] })} options={[all, ...roles.map((value) => ({ value, label: label('roles', value) }))]} />
        <Choice label={t('admin.state')} value={filter.state} onChange={(event) => setFilter({ ...filter, state: event.target.value as Filter['state'] })} options={[all, ...states.map((value) => ({ value, label: label('accountStates', value) }))]} />
      </form>
      {list.isPending && <Loading>{places.map((place) => <Block key={place} className="mb-3 h-14 w-full" />)}</Loading>}
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <EmptyState title={t('admin.nobody')} />}
      <ul className={`flex flex-col divide-y divide-line ${list.isPlaceholderData ? 'opacity-60' : ''}`}>{items.map((account) => <Line key={account.id} account={account} />)}</ul>
      {list.hasNextPage && <Button className="mt-6" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </>
  )
}

function Line({ account }: { account: ListedAccount }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const facts = [account.email, account.role !== 'listener' && label('roles', account.role), t('settings.since', { day: day(account.created_at, locale) })]
  return (
    <li>
      <Link to={`/admin/accounts/${account.id}`} className="flex items-center gap-4 rounded-lg px-3 py-3 hover:bg-tint">
        <span className="min-w-0 flex-1">
          <span className="block truncate"><span className="font-semibold">{account.display_name}</span> <span className="text-soft">@{account.handle}</span></span>
          <span className="block truncate text-sm text-soft">{facts.filter(Boolean).join(' · ')}</span>
        </span>
        {account.state !== 'active' && <StateBadge state={account.state} />}
      </Link>
    </li>
  )
}
