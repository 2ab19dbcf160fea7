import type { ComponentProps } from 'react'
import { Icon, type IconName } from './Icon'

type Look = 'primary' | 'quiet' | 'plain' | 'danger'

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong disabled:opacity-60',
  quiet: 'border border-line bg-surface text-ink hover:border-edge hover:bg-raised disabled:opacity-60',
  plain: 'text-soft hover:bg-tint hover:text-ink disabled:opacity-60',
  danger: 'border border-line bg-surface text-alarm hover:border-alarm disabled:opacity-60',
}

/** The classes of a button, for links that look like one. */
export function buttonLook(look: Look = 'quiet'): string {
  return `inline-flex h-10 items-center justify-center gap-2 rounded-full px-5 text-sm font-semibold whitespace-nowrap transition-colors ${looks[look]}`
}

interface ButtonProps extends ComponentProps<'button'> {
  look?: Look
  icon?: IconName
  busy?: boolean
}

export function Button({ look = 'quiet', icon, busy = false, className = '', children, disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} disabled={disabled || busy} aria-busy={busy || undefined} className={`${buttonLook(look)} ${className}`}>
      {busy ? <Spinner /> : icon && <Icon name={icon} className="size-4" />}
      {children}
    </button>
  )
}

interface IconButtonProps extends ComponentProps<'button'> {
  label: string
  icon: IconName
  iconClass?: string
}

/** A round button with a picture; its label is read aloud and shown on hover. */
export function IconButton({ label, icon, iconClass = 'size-5', className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={`inline-flex size-10 shrink-0 items-center justify-center rounded-full text-soft transition-colors hover:bg-tint hover:text-ink disabled:opacity-40 ${className}`}>
      <Icon name={icon} className={iconClass} />
    </button>
  )
}

export function Spinner({ className = 'size-4' }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`animate-spin ${className}`} fill="none" stroke="currentColor" strokeWidth="2.5" strokeLinecap="round">
      <path d="M12 3a9 9 0 1 0 9 9" />
    </svg>
  )
}
