import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Icon } from '../../ui/Icon'
import { useMe } from '../accounts/session'
import { notifications } from './queries'

/** The way to the inbox, with how much in it is new. */
export function Bell() {
  const { t } = useTranslation()
  const signedIn = Boolean(useMe().data)
  const { data } = useInfiniteQuery({ ...notifications, enabled: signedIn })
  if (!signedIn) return null
  const unread = data?.pages[0]?.unread_count ?? 0
  const label = t('inbox.bell', { count: unread })
  return (
    <Link to="/inbox" aria-label={label} title={label} className="relative inline-flex size-10 shrink-0 items-center justify-center rounded-full text-soft hover:bg-tint hover:text-ink">
      <Icon name="bell" />
      {unread > 0 && <span aria-hidden="true" className="figures absolute top-0.5 right-0 min-w-4.5 rounded-full bg-accent px-1 text-center text-[0.7rem] leading-4.5 font-bold text-on-accent">{unread > 99 ? '99+' : unread}</span>}
    </Link>
  )
}
