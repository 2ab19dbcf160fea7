import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { IconButton } from '../../ui/Button'
import { arrivedQuery, forgetArrived, useUploads, type Arrived } from './uploads'

/** What arrived just now and is elsewhere already: the same file, or the same recording. */
export function Duplicates({ releaseId }: { releaseId: string }) {
  const arrived = useUploads((state) => state.arrived).filter((upload) => upload.releaseId === releaseId)
  return <>{arrived.map((upload) => <Warning key={upload.uploadId} arrived={upload} />)}</>
}

function Warning({ arrived }: { arrived: Arrived }) {
  const { t } = useTranslation()
  const upload = useQuery(arrivedQuery(arrived)).data
  if (!upload) return null
  const files = upload.same_files.map(({ track_id: id, title, release_title: release, release_id: releaseId }) => ({ id, title, release, releaseId, text: t('duplicates.file') }))
  const recordings = upload.same_recordings
    .filter(({ track_id: id }) => files.every((file) => file.id !== id))
    .map(({ track_id: id, title, release, artist }) => ({ id, title, release: `${artist.name}, ${release.title}`, releaseId: release.id, text: t('duplicates.recording') }))
  const found = [...files, ...recordings]
  if (found.length === 0) return null
  return (
    <section role="status" aria-label={t('duplicates.title', { name: arrived.name })} className="mb-4 flex items-start gap-3 rounded-2xl border border-edge bg-tint p-4 text-sm" data-duplicate>
      <div className="min-w-0 flex-1">
        <p className="font-semibold break-words">{t('duplicates.title', { name: arrived.name })}</p>
        <ul className="mt-1">
          {found.map((other) => (
            <li key={other.id}>{other.text} <Link to={`/releases/${other.releaseId}`} className="underline underline-offset-4">{`${other.title} (${other.release})`}</Link></li>
          ))}
        </ul>
        <p className="mt-1 text-soft">{t('duplicates.lead')}</p>
      </div>
      <IconButton label={t('common.close')} icon="cross" onClick={() => forgetArrived(arrived.uploadId)} />
    </section>
  )
}
