import { useTranslation } from 'react-i18next'
import type { Stage } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { Icon } from '../../ui/Icon'
import { overall } from './progress'

/** A track's way to playable: probe, render, package, and how far each is. */
export function Stages({ stages }: { stages: readonly Stage[] }) {
  const { t } = useTranslation()
  const percent = overall(stages)
  return (
    <div className="mt-3">
      <div role="progressbar" aria-label={t('stages.title')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} className="h-1.5 overflow-hidden rounded-full bg-line">
        <div className="h-full rounded-full bg-accent transition-[width] duration-300" style={{ width: `${percent}%` }} />
      </div>
      <ol className="mt-2.5 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {stages.map((stage) => <StageLine key={stage.name} stage={stage} />)}
      </ol>
    </div>
  )
}

function StageLine({ stage }: { stage: Stage }) {
  const { t } = useTranslation()
  const label = useLabel()
  const look = { waiting: 'text-soft', running: 'font-semibold text-ink', done: 'text-calm', failed: 'text-alarm' }[stage.state]
  return (
    <li className={`figures flex items-center gap-1.5 ${look}`}>
      <StageMark state={stage.state} />
      {label('stages', stage.name)}
      {stage.state === 'running' && <span className="text-soft">{stage.percent} %</span>}
      {stage.attempt > 1 && stage.state !== 'done' && <span className="text-soft">{t('stages.attempt', { attempt: stage.attempt })}</span>}
    </li>
  )
}

function StageMark({ state }: { state: Stage['state'] }) {
  if (state === 'done') return <Icon name="check" className="size-4" />
  if (state === 'failed') return <Icon name="cross" className="size-4" />
  return <span className={`mx-1 size-2 rounded-full ${state === 'running' ? 'breathe bg-accent' : 'border border-edge'}`} />
}
