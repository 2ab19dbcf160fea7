import { useTranslation } from 'react-i18next'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { moment } from '../../../ui/time'
import { countryName } from '../editing/countries'
import { lrcOf } from '../editing/lrc'
import { timeOf } from '../editing/trackForm'

/** What a field of a release or a track holds, as people read it. */
export function FieldValue({ field, value }: { field: string; value: unknown }) {
  const { t } = useTranslation()
  const text = useValueText()(field, value)
  return text === '' ? <span className="block text-soft">{t('history.nothing')}</span> : <span className="block max-h-40 overflow-y-auto break-words whitespace-pre-line">{text}</span>
}

function useValueText(): (field: string, value: unknown) => string {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  return (field, value) => {
    if (value === null || value === undefined || value === '') return ''
    if (typeof value === 'boolean') return t(value ? 'history.yes' : 'history.no')
    if (field === 'kind') return label('kinds', String(value))
    if (field === 'visibility') return label('visibilities', String(value))
    if (field === 'licence') return value === 'all-rights-reserved' ? t('territory.allRights') : String(value)
    if (field === 'published_at') return moment(String(value), locale)
    if (field === 'preview_start_ms') return timeOf(Number(value))
    if (Array.isArray(value)) return value.map((item) => itemText(item, label)).join(['credits', 'splits', 'links'].includes(field) ? '\n' : ', ')
    if (typeof value === 'object') return objectText(value as Record<string, unknown>)
    return String(value)
  }

  function objectText(value: Record<string, unknown>): string {
    if (Array.isArray(value.countries)) return `${t(value.rule === 'deny' ? 'territory.deny' : 'territory.allow')}: ${value.countries.map((code) => countryName(String(code), locale)).join(', ')}`
    const lines = value.lines as Parameters<typeof lrcOf>[0] | undefined
    if (lines && lines.length > 0) return lrcOf(lines)
    if (typeof value.text === 'string') return value.text
    return JSON.stringify(value)
  }
}

/** One of a list: a word, a credit, a share, a link. */
function itemText(item: unknown, label: ReturnType<typeof useLabel>): string {
  if (typeof item !== 'object' || item === null) return String(item)
  const { role, name, detail, handle, percent, url, ...rest } = item as Record<string, string | null | undefined>
  if (url) return `${rest.label ?? ''}: ${url}`
  if (percent) return `${handle ? `@${handle}` : '–'} ${percent} %`
  if (role) return `${label('creditRoles', role)}: ${[name, detail && `(${detail})`].filter(Boolean).join(' ')}`
  return JSON.stringify(item)
}
