import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '../i18n/problemText'
import { Button } from './Button'
import { Icon } from './Icon'

/** What went wrong in the reader's language, with a way on where there is one. */
export function ProblemNotice({ problem, onRetry, className = '' }: { problem: unknown; onRetry?: () => void; className?: string }) {
  const { t } = useTranslation()
  const text = useProblemText()(problem)
  return (
    <div role="alert" className={`flex flex-wrap items-center gap-3 rounded-xl bg-alarm-tint px-4 py-3 text-sm text-alarm ${className}`}>
      <Icon name="alert" />
      <p className="min-w-0 flex-1 basis-40 font-medium">{text}</p>
      {onRetry && <Button icon="retry" onClick={onRetry} className="h-9 px-4">{t('common.retry')}</Button>}
    </div>
  )
}

/** A word that is no problem: what happened, or what to do next. Read aloud when it appears. */
export function Note({ title, children, className = '' }: { title?: string; children?: ReactNode; className?: string }) {
  return (
    <div role="status" className={`rounded-xl bg-calm-tint px-4 py-3 text-sm text-calm ${className}`}>
      {title && <p className="font-semibold">{title}</p>}
      {children && <div className={title ? 'mt-1' : ''}>{children}</div>}
    </div>
  )
}

/** A calm word where a list has nothing to show yet. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="rise flex flex-col items-center rounded-3xl border border-dashed border-line px-6 py-16 text-center">
      <svg viewBox="0 0 120 60" aria-hidden="true" className="mb-6 w-28 text-line" fill="none">
        <path d="M10 44C28 8 92 8 110 44" stroke="currentColor" strokeWidth="5" strokeLinecap="round" />
        <circle cx="24" cy="50" r="7" fill="currentColor" />
        <circle cx="96" cy="50" r="7" fill="currentColor" />
      </svg>
      <p className="font-display text-2xl">{title}</p>
      {children && <div className="mt-2 max-w-md text-soft">{children}</div>}
    </div>
  )
}

/** Says that something is on its way, without moving the page when it arrives. */
export function Loading({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div aria-busy="true">
      <span role="status" className="sr-only">{t('common.loading')}</span>
      <div aria-hidden="true" className="breathe">{children}</div>
    </div>
  )
}

export function Block({ className = '' }: { className?: string }) {
  return <div className={`rounded-lg bg-line ${className}`} />
}
