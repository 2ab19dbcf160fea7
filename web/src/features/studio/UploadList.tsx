import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../../i18n/problemText'
import { useLocale } from '../../i18n/useLocale'
import { IconButton } from '../../ui/Button'
import { dropInterrupted, interruptedQuery } from './interrupted'
import { cancelUpload, retryUpload, useUploads, type Upload } from './uploads'

/** The files of this release that are still on their way, or the one that shall replace a track's. */
export function UploadList({ releaseId, trackId = null }: { releaseId: string; trackId?: string | null }) {
  const uploads = useUploads((state) => state.uploads).filter((upload) => upload.releaseId === releaseId && (trackId === null || upload.trackId === trackId))
  return (
    <>
      {uploads.length > 0 && <ul className="mb-4 flex flex-col gap-3">{uploads.map((upload) => <UploadLine key={upload.id} upload={upload} />)}</ul>}
      <InterruptedList releaseId={trackId ?? releaseId} underWay={uploads.map((upload) => upload.file.name)} />
    </>
  )
}

/** What was being sent when the page was closed: it goes on as soon as the same file is chosen again. */
function InterruptedList({ releaseId, underWay }: { releaseId: string; underWay: readonly string[] }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const { data = [] } = useQuery(interruptedQuery(releaseId))
  const waiting = data.filter(({ name }) => !underWay.includes(name))
  if (waiting.length === 0) return null
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  return (
    <section aria-label={t('upload.interrupted')} className="mb-4 rounded-2xl border border-line bg-surface p-4">
      <p className="mb-2 text-sm text-soft">{t('upload.resume')}</p>
      <ul className="flex flex-col gap-1">
        {waiting.map((upload) => (
          <li key={upload.key} className="flex items-center gap-3">
            <p className="min-w-0 flex-1 truncate font-semibold">{upload.name}</p>
            <p className="figures text-sm text-soft">{percent.format(upload.size === 0 ? 0 : upload.sentBytes / upload.size)}</p>
            <IconButton label={t('upload.cancel', { name: upload.name })} icon="cross" onClick={() => void dropInterrupted(upload)} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function UploadLine({ upload }: { upload: Upload }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const problemText = useProblemText()
  const percent = upload.file.size === 0 ? 0 : Math.round((upload.sentBytes / upload.file.size) * 100)
  const megabytes = (bytes: number) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / 1e6)
  return (
    <li className="rounded-2xl border border-line bg-surface p-4">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold">{upload.file.name}</p>
          <p className={`figures text-sm ${upload.state === 'failed' ? 'text-alarm' : 'text-soft'}`}>
            {upload.state === 'failed' ? problemText(upload.problem) : upload.state === 'waiting' ? t('upload.waiting') : t('upload.sending', { sent: megabytes(upload.sentBytes), size: megabytes(upload.file.size) })}
          </p>
        </div>
        {upload.state === 'failed' && <IconButton label={t('common.retry')} icon="retry" onClick={() => retryUpload(upload.id)} />}
        <IconButton label={t('upload.cancel', { name: upload.file.name })} icon="cross" onClick={() => cancelUpload(upload.id)} />
      </div>
      {upload.state === 'sending' && (
        <div role="progressbar" aria-label={upload.file.name} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} className="mt-3 h-1.5 overflow-hidden rounded-full bg-line">
          <div className="h-full rounded-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
        </div>
      )}
    </li>
  )
}
