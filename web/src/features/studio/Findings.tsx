import { useTranslation } from 'react-i18next'
import type { Finding } from '../../api/types'
import { useServerText } from '../../i18n/problemText'
import { useLabel } from '../../i18n/useLabel'
import { clock } from '../../ui/time'

/** The quality report: what an artist should know about the sound before it is published, the gravest first. */
export function Findings({ findings }: { findings: Finding[] }) {
  const { t } = useTranslation()
  const label = useLabel()
  const serverText = useServerText()
  const sorted = findings.toSorted((one, other) => Number(other.severity === 'warning') - Number(one.severity === 'warning'))
  return (
    <div role="group" aria-label={t('analysis.findings')} className="mt-3 rounded-xl border border-line bg-raised px-4 py-3 text-sm text-ink">
      <p className="font-medium" aria-hidden="true">{t('analysis.findings')}</p>
      <ul className="mt-2 space-y-2">
        {sorted.map((finding) => (
          <li key={finding.kind} data-finding={finding.kind} data-severity={finding.severity}>
            <span className="block text-xs text-soft">
              {[label('severities', finding.severity), finding.at_ms != null && t('analysis.listenAt', { time: clock(finding.at_ms) })].filter(Boolean).join(' · ')}
            </span>
            {serverText(`findings.${finding.kind}`, finding.message)}
          </li>
        ))}
      </ul>
    </div>
  )
}
