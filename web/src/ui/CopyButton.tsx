import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './Button'

/** Puts a text on the clipboard and says so. */
export function CopyButton({ text, className = '' }: { text: string; className?: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      setTimeout(() => setCopied(false), 2500)
    } catch {
      // No clipboard without https: the text can be marked and copied by hand.
    }
  }
  return (
    <Button icon={copied ? 'check' : 'copy'} className={className} onClick={() => void copy()}>
      <span aria-live="polite">{t(copied ? 'common.copied' : 'common.copy')}</span>
    </Button>
  )
}
