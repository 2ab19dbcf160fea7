import { useTranslation } from 'react-i18next'
import { Link, NavLink } from 'react-router'
import type { Release } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { buttonLook } from '../../../ui/Button'
import { Cover } from '../../../ui/Cover'
import { tabLook } from '../ArtistTabs'
import { Back } from '../Back'
import { ReleaseState } from '../StudioArtistPage'

/** The head of a release's pages in the studio, and the way from one to the other. */
export function ReleaseHead({ release, mayEdit }: { release: Release; mayEdit: boolean }) {
  const { t } = useTranslation()
  const label = useLabel()
  const here = `/studio/releases/${release.id}`
  return (
    <>
      <Back to={`/studio/artists/${release.artist.slug}`}>{release.artist.name}</Back>
      <header className="mb-6 flex flex-wrap items-center gap-5">
        <Cover title={release.title} artist={release.artist.name} artwork={release.artwork} sizes="6rem" className="size-20 sm:size-24" />
        <div className="min-w-0 flex-1 basis-56">
          <h1 className="text-3xl leading-tight break-words sm:text-4xl">{release.title}</h1>
          <div className="mt-2 flex items-center gap-3 text-sm text-soft">
            <ReleaseState state={release.state} />
            {label('kinds', release.kind)}
          </div>
        </div>
        {release.state === 'published' && <Link to={`/releases/${release.id}`} className={buttonLook('quiet')}>{t('studio.publicPage')}</Link>}
      </header>
      <nav aria-label={release.title} className="mb-8 flex flex-wrap gap-x-6 border-b border-line">
        <NavLink end to={here} className={tabLook}>{t('releaseTabs.tracks')}</NavLink>
        <NavLink to={`${here}/details`} className={tabLook}>{t('releaseTabs.details')}</NavLink>
        <NavLink to={`${here}/table`} className={tabLook}>{t('releaseTabs.table')}</NavLink>
        {mayEdit && <NavLink to={`${here}/links`} className={tabLook}>{t('releaseTabs.links')}</NavLink>}
        <NavLink to={`${here}/history`} className={tabLook}>{t('releaseTabs.history')}</NavLink>
      </nav>
    </>
  )
}
