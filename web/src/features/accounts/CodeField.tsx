import type { ReactNode } from 'react'
import { Field } from '../../ui/Field'

interface CodeFieldProps {
  label: string
  hint?: ReactNode
  problem?: string | null
  value: string
  onValue: (value: string) => void
}

/** Takes a code of an authenticator, or a recovery code, which has letters. */
export function CodeField({ value, onValue, ...rest }: CodeFieldProps) {
  return <Field focused autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} required maxLength={64} value={value} onChange={(event) => onValue(event.target.value)} {...rest} />
}
