import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from './Button'
import type { IconName } from './Icon'
import { ProblemNotice } from './Notice'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** A modal dialog of the browser's own: focus stays inside, Escape closes, the page behind is inert. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const { t } = useTranslation()
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    const opener = document.activeElement
    dialog?.showModal()
    // The browser gives the focus to the first button.
    dialog?.querySelector<HTMLElement>('[data-focused]')?.focus()
    return () => {
      dialog?.close()
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [])
  return (
    <dialog ref={ref} aria-labelledby={id} onClose={() => !ref.current?.open && onClose()} className="rise m-auto w-[min(30rem,calc(100vw-2rem))] rounded-2xl bg-surface p-6 text-ink shadow-high">
      <div className="mb-4 flex items-start justify-between gap-4">
        <h2 id={id} className="text-2xl">{title}</h2>
        <IconButton label={t('common.close')} icon="cross" onClick={onClose} className="-mt-1 -mr-2" />
      </div>
      {children}
    </dialog>
  )
}

interface ConfirmProps extends DialogProps {
  action: string
  icon?: IconName
  busy?: boolean
  /** Why it could not be done. */
  problem?: unknown
  onConfirm: () => void
}

/** Asks before something that cannot be undone. */
export function Confirm({ title, action, icon = 'trash', busy = false, problem, onConfirm, onClose, children }: ConfirmProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="mb-6 text-soft">{children}</div>
      {problem ? <ProblemNotice problem={problem} className="mb-6" /> : null}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" icon={icon} busy={busy} onClick={onConfirm}>{action}</Button>
      </div>
    </Dialog>
  )
}
