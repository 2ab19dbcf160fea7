import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'
import { AccountMenu } from './features/accounts/AccountMenu'
import { useMe } from './features/accounts/session'
import { Bell } from './features/notifications/Bell'
import { SearchBox } from './features/search/SearchBox'
import { buttonLook, IconButton } from './ui/Button'
import { Icon, type IconName } from './ui/Icon'
import { Logo } from './ui/Logo'
import { useTheme, type Theme } from './ui/theme'

export function Header() {
  const { t } = useTranslation()
  const me = useMe()
  const { pathname } = useLocation()
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-paper/92 backdrop-blur-md">
      <a href="#content" className="absolute -top-20 left-4 z-50 rounded-full bg-accent px-5 py-2 font-semibold text-on-accent focus:top-2">{t('nav.skip')}</a>
      <div className="mx-auto grid h-16 max-w-[84rem] grid-cols-[auto_1fr] items-center gap-3 px-4 sm:px-8 md:grid-cols-[1fr_minmax(16rem,30rem)_1fr]">
        <Link to="/" aria-label={t('nav.home')} className="flex w-fit items-center gap-2.5 rounded-lg">
          <Logo className="h-7" />
          <span className="font-display text-[1.7rem] leading-none tracking-tight">Legato</span>
        </Link>
        <SearchBox className="hidden md:block" />
        <nav aria-label={t('nav.main')} className="flex items-center justify-end gap-0.5 sm:gap-1.5">
          <Link to="/search" aria-label={t('search.label')} className="inline-flex size-10 items-center justify-center rounded-full text-soft hover:bg-tint hover:text-ink md:hidden"><Icon name="search" /></Link>
          {me.data && <Link to="/library" aria-current={pathname.startsWith('/library') ? 'page' : undefined} className={`${buttonLook('plain')} px-4 aria-[current]:text-ink max-lg:hidden`}>{t('library.title')}</Link>}
          {me.data && <Link to="/studio" aria-current={pathname.startsWith('/studio') ? 'page' : undefined} className={`${buttonLook('plain')} px-4 aria-[current]:text-ink max-sm:hidden`}>{t('studio.title')}</Link>}
          <ThemeButton />
          <Bell />
          <AccountMenu />
        </nav>
      </div>
    </header>
  )
}

const themeIcons: Record<Theme, IconName> = { system: 'system', light: 'sun', dark: 'moon' }

function ThemeButton() {
  const { t } = useTranslation()
  const { theme, turn } = useTheme()
  return <IconButton label={t(`theme.${theme}`)} icon={themeIcons[theme]} onClick={turn} />
}
