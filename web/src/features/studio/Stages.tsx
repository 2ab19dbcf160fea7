import { useTranslation } from 'react-i18next'
import type { Stage } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { useLocale } from '../../i18n/useLocale'
import { useServerText } from '../../i18n/problemText'
import { Icon } from '../../ui/Icon'
import { lengthInWords } from '../../ui/time'
import { overall } from './progress'

/** A track's way to playable: probe, render, package, and how far each is. */
export function Stages({ stages }: { stages: readonly Stage[] }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const serverText = useServerText()
  const percent = overall(stages)
  const left = stages.at(-1)?.remaining_ms
  const hitch = stages.find((stage) => stage.problem && stage.state !== 'done')?.problem
  return (
    <div className="mt-3">
      <div role="progressbar" aria-label={t('stages.title')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} className="h-1.5 overflow-hidden rounded-full bg-line">
        <div className="h-full rounded-full bg-accent transition-[width] duration-300" style={{ width: `${percent}%` }} />
      </div>
      <ol className="mt-2.5 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {stages.map((stage) => <StageLine key={stage.name} stage={stage} />)}
        {left != null && <li className="figures ml-auto text-soft">{t('stages.left', { time: lengthInWords(Math.max(left, 1000), locale) })}</li>}
      </ol>
      {hitch && <p role="status" className="mt-2 text-sm text-alarm">{serverText(`rejections.${hitch.slug}`, hitch.message)}</p>}
    </div>
  )
}

function StageLine({ stage }: { stage: Stage }) {
  const { t } = useTranslation()
  const label = useLabel()
  const look = { waiting: 'text-soft', running: 'font-semibold text-ink', done: 'text-calm', failed: 'text-alarm', cancelled: 'text-soft line-through' }[stage.state]
  return (
    <li className={`figures flex items-center gap-1.5 ${look}`}>
      <StageMark state={stage.state} />
      {label('stages', stage.name)}
      {stage.state === 'running' && <span className="text-soft">{stage.percent} %</span>}
      {stage.attempt > 1 && stage.state !== 'done' && <span className="text-soft">{t('stages.attempt', { attempt: stage.attempt, most: stage.max_attempts })}</span>}
    </li>
  )
}

function StageMark({ state }: { state: Stage['state'] }) {
  if (state === 'done') return <Icon name="check" className="size-4" />
  if (state === 'failed') return <Icon name="cross" className="size-4" />
  return <span className={`mx-1 size-2 rounded-full ${state === 'running' ? 'breathe bg-accent' : 'border border-edge'}`} />
}
