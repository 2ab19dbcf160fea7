import { useTranslation } from 'react-i18next'
import { NavLink, Route, Routes } from 'react-router'
import { NotFound } from '../../../NotFound'
import { RequireAccount } from '../RequireAccount'
import { useMe } from '../session'
import { AccountPage } from './AccountPage'
import { AccountsPage } from './AccountsPage'
import { InvitationsPage } from './InvitationsPage'
import { ModerationPage } from './ModerationPage'

/** Everything behind /admin: its own chunk, for those who run the server. */
export default function Administration() {
  return <RequireAccount><ByRole /></RequireAccount>
}

function ByRole() {
  const { t } = useTranslation()
  const role = useMe().data?.role
  if (role !== 'admin' && role !== 'moderator') return <NotFound />
  return (
    <div className="mx-auto max-w-5xl">
      <title>{`${t('admin.title')} · Legato`}</title>
      {role === 'admin' ? <ForAdmins /> : <ModerationPage />}
    </div>
  )
}

function ForAdmins() {
  const { t } = useTranslation()
  const tab = 'flex h-10 items-center rounded-full px-4 text-sm font-semibold text-soft hover:bg-tint hover:text-ink aria-[current]:bg-tint aria-[current]:text-ink'
  return (
    <>
      <h1 className="mb-4 text-4xl">{t('admin.title')}</h1>
      <nav aria-label={t('admin.title')} className="mb-6 flex gap-1">
        <NavLink to="/admin/accounts" className={tab}>{t('admin.accounts')}</NavLink>
        <NavLink to="/admin/invitations" className={tab}>{t('admin.invitations')}</NavLink>
      </nav>
      <Routes>
        <Route path="accounts" element={<AccountsPage />} />
        <Route path="accounts/:id" element={<AccountPage />} />
        <Route path="invitations" element={<InvitationsPage />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </>
  )
}
