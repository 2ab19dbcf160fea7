import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../../i18n/useLocale'
import { left, quotaQuery, type Lack } from './room'

/** How much room an artist has for more files. */
export function Room({ slug }: { slug: string }) {
  const { t } = useTranslation()
  const size = useSize()
  const locale = useLocale()
  const quota = useQuery(quotaQuery(slug)).data
  if (!quota) return null
  const number = new Intl.NumberFormat(locale)
  return <p className="figures text-xs text-soft">{t('room.left', { bytes: size(left(quota.bytes)), tracks: number.format(left(quota.tracks)), uploads: number.format(left(quota.uploads_today)) })}</p>
}

/** Why files are not sent at all. */
export function Refusal({ lack }: { lack: Lack }) {
  const { t } = useTranslation()
  const size = useSize()
  const texts = {
    bytes: () => t('room.noBytes', { wanted: size(lack.wanted), left: size(lack.left) }),
    tracks: () => t('room.noTracks', { wanted: lack.wanted, left: lack.left }),
    uploads_today: () => t('room.noUploads', { wanted: lack.wanted, left: lack.left }),
  }
  return <p role="alert" className="rounded-xl bg-alarm-tint px-4 py-3 text-sm font-medium text-alarm">{texts[lack.of]()}</p>
}

function useSize(): (bytes: number) => string {
  const locale = useLocale()
  return (bytes) => {
    const [value, unit] = bytes >= 1e9 ? [bytes / 1e9, 'gigabyte'] : [bytes / 1e6, 'megabyte']
    return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value)
  }
}
