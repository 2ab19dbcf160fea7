import { useTranslation } from 'react-i18next'
import { useProblemText } from '../../i18n/problemText'
import { useLocale } from '../../i18n/useLocale'
import { IconButton } from '../../ui/Button'
import { cancelUpload, retryUpload, useUploads, type Upload } from './uploads'

/** The files of this release that are still on their way. */
export function UploadList({ releaseId }: { releaseId: string }) {
  const uploads = useUploads((state) => state.uploads).filter((upload) => upload.releaseId === releaseId)
  if (uploads.length === 0) return null
  return <ul className="mb-4 flex flex-col gap-3">{uploads.map((upload) => <UploadLine key={upload.id} upload={upload} />)}</ul>
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
