import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { buttonLook } from '../../ui/Button'
import { useMe } from './session'

const SignedInMenu = lazy(() => import('./SignedInMenu'))

/** Who is signed in and what belongs to them; for visitors the way in. */
export function AccountMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const here = useLocation()
  if (me.isPending) return <span className="size-10" />
  if (me.data) return <Suspense fallback={<span className="size-10" />}><SignedInMenu me={me.data} /></Suspense>
  const next = here.pathname === '/' || here.pathname.startsWith('/sign-') ? '' : `?next=${encodeURIComponent(here.pathname + here.search)}`
  return (
    <>
      <Link to={`/sign-up${next}`} className={`${buttonLook('plain')} px-3 max-lg:hidden`}>{t('accounts.signUp')}</Link>
      <Link to={`/sign-in${next}`} className={`${buttonLook('primary')} px-4`}>{t('accounts.signIn')}</Link>
    </>
  )
}
