import { useTranslation } from 'react-i18next'
import { NavLink, useParams } from 'react-router'
import { NotFound } from '../../../NotFound'
import { RequireAccount } from '../../accounts/RequireAccount'
import { CompanyPart } from '../../company/CompanyPart'
import { Bookmarks } from './Bookmarks'
import { History } from './History'
import { LikedTracks } from './LikedTracks'
import { SavedReleases } from './SavedReleases'

const parts = { tracks: LikedTracks, releases: SavedReleases, bookmarks: Bookmarks, history: History, company: CompanyPart }
type Part = keyof typeof parts

const tab = ({ isActive }: { isActive: boolean }) =>
  `border-b-2 px-1 pb-2 text-sm font-semibold transition-colors ${isActive ? 'border-accent text-ink' : 'border-transparent text-soft hover:text-ink'}`

/** What a listener keeps, and what they heard. */
export default function LibraryPage() {
  const { t } = useTranslation()
  const { part = 'tracks' } = useParams()
  if (!isPart(part)) return <NotFound />
  const Shown = parts[part]
  return (
    <RequireAccount>
      <title>{`${t(`library.${part}`)} · Legato`}</title>
      <h1 className="mb-6 text-4xl">{t('library.title')}</h1>
      <nav aria-label={t('library.title')} className="mb-8 flex flex-wrap gap-x-6 border-b border-line">
        <NavLink end to="/library" className={tab}>{t('library.tracks')}</NavLink>
        <NavLink to="/library/releases" className={tab}>{t('library.releases')}</NavLink>
        <NavLink to="/library/bookmarks" className={tab}>{t('library.bookmarks')}</NavLink>
        <NavLink to="/library/history" className={tab}>{t('library.history')}</NavLink>
        <NavLink to="/library/company" className={tab}>{t('library.company')}</NavLink>
      </nav>
      <Shown />
    </RequireAccount>
  )
}

function isPart(part: string): part is Part {
  return Object.hasOwn(parts, part)
}
