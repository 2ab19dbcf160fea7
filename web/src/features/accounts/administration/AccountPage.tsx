import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { answer, api } from '../../../api/client'
import type { ListedAccount, Role } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Confirm } from '../../../ui/Dialog'
import { Choice } from '../../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { moment } from '../../../ui/time'
import { Actions, Section, SectionForm } from '../settings/Section'
import { roles } from './AccountsPage'
import { AuditLog } from './AuditLog'
import { account as accountQuery } from './queries'
import { StateBadge } from './StateBadge'
import { Suspension } from './Suspension'

/** An account, and what administrators may do to it. */
export function AccountPage() {
  const { id = '' } = useParams()
  const found = useQuery(accountQuery(id))
  if (found.isPending) return <Loading><Block className="h-12 w-72" /></Loading>
  if (found.isError && !found.data) return <ProblemNotice problem={found.error} onRetry={() => void found.refetch()} />
  return <Sheet account={found.data} />
}

function Sheet({ account }: { account: ListedAccount }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const renew = () => client.invalidateQueries({ queryKey: ['admin'] })
  return (
    <>
      <title>{`${account.handle} · ${t('admin.title')} · Legato`}</title>
      <Link to="/admin/accounts" className="mb-4 inline-flex items-center gap-1.5 text-sm font-semibold text-soft hover:text-ink"><span aria-hidden="true">←</span> {t('admin.accounts')}</Link>
      <div className="mb-6 flex flex-wrap items-center gap-3">
        <h2 className="text-3xl break-words">{account.display_name} <span className="text-soft">@{account.handle}</span></h2>
        <StateBadge state={account.state} />
      </div>
      <div className="flex flex-col gap-6">
        <Facts account={account} />
        <Section title={t('admin.role')} lead={t('admin.roleLead')}><RoleForm account={account} onDone={renew} /></Section>
        <Section title={t('admin.suspension')} lead={account.suspension_reason ?? t('admin.suspensionLead')}><Suspension id={account.id} suspended={account.state === 'suspended'} onDone={renew} /></Section>
        <Section title={t('admin.access')} lead={t('admin.accessLead')}><Access account={account} onDone={renew} /></Section>
        <Section title={t('admin.audit')}><AuditLog id={account.id} /></Section>
      </div>
    </>
  )
}

function Facts({ account }: { account: ListedAccount }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const factors = [account.has_password && t('accounts.password'), account.has_totp && t('totp.title'), account.passkey_count > 0 && t('admin.passkeys', { count: account.passkey_count })]
  const facts: [string, ReactNode][] = [
    [t('accounts.email'), `${account.email} (${t(account.email_confirmed ? 'email.confirmed' : 'email.unconfirmed')})`],
    [t('admin.signsIn'), factors.filter(Boolean).join(', ') || '–'],
    [t('settings.pages.sessions'), t('admin.counts', { sessions: account.session_count, tokens: account.token_count })],
    [t('admin.created'), moment(account.created_at, locale)],
    [t('admin.lastUsed'), account.last_used_at ? moment(account.last_used_at, locale) : '–'],
  ]
  if (account.closing_until) facts.push([t('admin.closingUntil'), moment(account.closing_until, locale)])
  return (
    <dl className="grid grid-cols-1 gap-x-8 gap-y-3 rounded-2xl border border-line bg-surface p-5 text-sm sm:grid-cols-2 sm:p-6">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="text-soft">{name}</dt>
          <dd className="figures font-semibold break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function RoleForm({ account, onDone }: { account: ListedAccount; onDone: () => Promise<void> }) {
  const { t } = useTranslation()
  const label = useLabel()
  const [role, setRole] = useState(account.role)
  const saving = useMutation({ mutationFn: () => answer(api.PATCH('/api/v1/admin/accounts/{id}', { params: { path: { id: account.id } }, body: { role } })), onSuccess: onDone })
  return (
    <SectionForm label={t('admin.role')} onSubmit={() => saving.mutate()}>
      {saving.isError && <ProblemNotice problem={saving.error} />}
      <Choice label={t('admin.role')} value={role} onChange={(event) => setRole(event.target.value as Role)} options={roles.map((value) => ({ value, label: label('roles', value) }))} />
      <Actions><Button type="submit" busy={saving.isPending} disabled={role === account.role}>{t('common.save')}</Button></Actions>
    </SectionForm>
  )
}

function Access({ account, onDone }: { account: ListedAccount; onDone: () => Promise<void> }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState<'sessions' | 'factors' | null>(null)
  const where = { params: { path: { id: account.id } } }
  const acting = useMutation({
    mutationFn: (what: 'sessions' | 'factors') => answer(what === 'sessions' ? api.DELETE('/api/v1/admin/accounts/{id}/sessions', where) : api.DELETE('/api/v1/admin/accounts/{id}/second-factors', where)),
    onSuccess: async () => {
      setAsking(null)
      await onDone()
    },
  })
  return (
    <>
      <Actions>
        <Button look="danger" onClick={() => setAsking('sessions')}>{t('admin.endSessions')}</Button>
        <Button look="danger" onClick={() => setAsking('factors')}>{t('admin.resetFactors')}</Button>
      </Actions>
      {asking && (
        <Confirm title={t(asking === 'sessions' ? 'admin.endSessions' : 'admin.resetFactors')} action={t('admin.doIt')} icon="alert" busy={acting.isPending} problem={acting.error} onConfirm={() => acting.mutate(asking)} onClose={() => { setAsking(null); acting.reset() }}>
          {t(asking === 'sessions' ? 'admin.endSessionsText' : 'admin.resetFactorsText', { handle: account.handle })}
        </Confirm>
      )}
    </>
  )
}
