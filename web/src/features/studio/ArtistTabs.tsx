import { useTranslation } from 'react-i18next'
import { Link, NavLink } from 'react-router'
import type { Artist } from '../../api/types'
import { Back } from './Back'

export const tabLook = ({ isActive }: { isActive: boolean }) =>
  `border-b-2 px-1 pb-2 text-sm font-semibold transition-colors ${isActive ? 'border-accent text-ink' : 'border-transparent text-soft hover:text-ink'}`

/** The head of an artist's pages in the studio, and the way from one to the other. */
export function ArtistTabs({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const here = `/studio/artists/${artist.slug}`
  return (
    <>
      <Back to="/studio">{t('studio.title')}</Back>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-4">
        <h1 className="min-w-0 text-4xl break-words">{artist.name}</h1>
        <Link to={`/artists/${artist.slug}`} className="text-sm font-semibold text-accent underline underline-offset-4">{t('studio.publicPage')}</Link>
      </div>
      <nav aria-label={artist.name} className="mb-8 flex flex-wrap gap-x-6 border-b border-line">
        <NavLink end to={here} className={tabLook}>{t('artist.releases')}</NavLink>
        <NavLink to={`${here}/profile`} className={tabLook}>{t('profile.title')}</NavLink>
        <NavLink to={`${here}/history`} className={tabLook}>{t('releaseTabs.history')}</NavLink>
        <NavLink to={`${here}/people`} className={tabLook}>{t('people.title')}</NavLink>
        <NavLink to={`${here}/earnings`} className={tabLook}>{t('earnings.title')}</NavLink>
      </nav>
    </>
  )
}
