import { useTranslation } from 'react-i18next'
import type { Track } from '../../api/types'
import { useLocale } from '../../i18n/useLocale'

/** What was measured (EBU R 128): the figures an artist asks a mastering engineer for. */
export function Analysis({ analysis }: { analysis: NonNullable<Track['analysis']> }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const figure = (value: number | null | undefined, unit: string) =>
    value === null || value === undefined ? '–' : `${new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'negative' }).format(value)} ${unit}`
  const sure = (value: string, confidence: number) => (confidence < 0.5 ? t('analysis.unsure', { value }) : value)
  const rate = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(analysis.sample_rate_hz / 1000)
  const figures = [
    [t('analysis.loudness'), figure(analysis.integrated_loudness_lufs, 'LUFS')],
    [t('analysis.range'), figure(analysis.loudness_range_lu, 'LU')],
    [t('analysis.peak'), figure(analysis.true_peak_dbtp, 'dBTP')],
    ...(analysis.tempo ? [[t('analysis.tempo'), sure(figure(analysis.tempo.bpm, 'BPM'), analysis.tempo.confidence)] as const] : []),
    ...(analysis.key ? [[t('analysis.key'), sure(analysis.key.name, analysis.key.confidence)] as const] : []),
    [t('analysis.source'), `${rate} kHz · ${t('analysis.channels', { count: analysis.channels })}`],
  ] as const
  return (
    <dl className="figures mt-3 flex flex-wrap gap-x-6 gap-y-2 text-sm">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt className="text-xs text-soft">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
