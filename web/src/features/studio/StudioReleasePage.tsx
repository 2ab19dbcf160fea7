import { useTranslation } from 'react-i18next'
import type { Release } from '../../api/types'
import { DropZone } from './DropZone'
import { Duplicates } from './Duplicates'
import { Matches } from './Matches'
import { Publication } from './Publication'
import { OwnRelease } from './release/OwnRelease'
import { ReleaseHead } from './release/ReleaseHead'
import { ReleaseArtwork } from './ReleaseArtwork'
import { ReleaseDetails } from './ReleaseDetails'
import { TrackList } from './TrackList'
import { UploadList } from './UploadList'

/** One release at the workbench: its words, its tracks as they become playable, and its publication. */
export function StudioReleasePage() {
  return <OwnRelease>{(release, mayEdit) => <Workbench release={release} mayEdit={mayEdit} />}</OwnRelease>
}

function Workbench({ release, mayEdit }: { release: Release; mayEdit: boolean }) {
  const { t } = useTranslation()
  return (
    <>
      <title>{`${release.title} · ${t('studio.title')} · Legato`}</title>
      <ReleaseHead release={release} mayEdit={mayEdit} />
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <section aria-label={t('studio.tracks')} className="min-w-0">
          <TrackList release={release} />
          <Matches releaseId={release.id} />
          <Duplicates releaseId={release.id} />
          <UploadList releaseId={release.id} />
          <DropZone releaseId={release.id} artist={release.artist.slug} large={release.tracks.length === 0} />
        </section>
        <div className="flex flex-col gap-6 lg:sticky lg:top-24">
          <Publication release={release} />
          <ReleaseArtwork release={release} />
          <ReleaseDetails key={release.id} release={release} />
        </div>
      </div>
    </>
  )
}
