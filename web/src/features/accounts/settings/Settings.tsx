import { useTranslation } from 'react-i18next'
import { NavLink, Route, Routes } from 'react-router'
import type { Me } from '../../../api/types'
import { NotFound } from '../../../NotFound'
import { Icon, type IconName } from '../../../ui/Icon'
import { RequireAccount } from '../RequireAccount'
import { useMe } from '../session'
import { AppsPage } from './AppsPage'
import { DataPage } from './DataPage'
import { ListeningPage } from './ListeningPage'
import { ProfilePage } from './ProfilePage'
import { SecurityPage } from './SecurityPage'
import { SessionsPage } from './SessionsPage'

const pages = [
  { path: '/settings', name: 'profile', icon: 'account' },
  { path: '/settings/listening', name: 'listening', icon: 'loud' },
  { path: '/settings/security', name: 'security', icon: 'shield' },
  { path: '/settings/sessions', name: 'sessions', icon: 'device' },
  { path: '/settings/apps', name: 'apps', icon: 'key' },
  { path: '/settings/data', name: 'data', icon: 'box' },
] as const satisfies readonly { path: string; name: string; icon: IconName }[]

/** Everything behind /settings: its own chunk. */
export default function Settings() {
  return <RequireAccount><Frame /></RequireAccount>
}

function Frame() {
  const { t } = useTranslation()
  const me = useMe().data
  if (!me) return null
  return (
    <div className="mx-auto max-w-5xl">
      <h1 className="mb-6 text-4xl">{t('settings.title')}</h1>
      <div className="grid grid-cols-1 items-start gap-6 md:grid-cols-[13rem_minmax(0,1fr)] md:gap-10">
        <nav aria-label={t('settings.title')} className="-mx-4 overflow-x-auto px-4 py-1 md:sticky md:top-24 md:mx-0 md:p-0">
          <ul className="flex gap-1 md:flex-col">
            {pages.map((page) => (
              <li key={page.name}>
                <NavLink to={page.path} end className="flex h-10 items-center gap-3 rounded-full px-4 text-sm font-semibold whitespace-nowrap text-soft hover:bg-tint hover:text-ink aria-[current]:bg-tint aria-[current]:text-ink">
                  <Icon name={page.icon} /> {t(`settings.pages.${page.name}`)}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="flex min-w-0 flex-col gap-6"><Pages me={me} /></div>
      </div>
    </div>
  )
}

function Pages({ me }: { me: Me }) {
  return (
    <Routes>
      <Route index element={<ProfilePage me={me} />} />
      <Route path="listening" element={<ListeningPage />} />
      <Route path="security" element={<SecurityPage me={me} />} />
      <Route path="sessions" element={<SessionsPage />} />
      <Route path="apps" element={<AppsPage me={me} />} />
      <Route path="data" element={<DataPage me={me} />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
