import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button, IconButton } from './Button'
import { dismissToast, useToasts, type Toast } from './toasts'

/** The region that short messages appear in; read aloud without taking the focus. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts)
  return (
    <div role="status" className="pointer-events-none fixed inset-x-4 bottom-36 z-50 flex flex-col items-end gap-3 sm:bottom-28">
      {toasts.map((toast) => <Message key={toast.id} toast={toast} />)}
    </div>
  )
}

function Message({ toast }: { toast: Toast }) {
  const { t } = useTranslation()
  const undo = () => {
    dismissToast(toast.id)
    toast.undo?.()
  }
  return (
    <div className="rise pointer-events-auto flex w-full max-w-sm items-start gap-3 rounded-2xl border border-line bg-raised py-3 pr-2 pl-4 shadow-high">
      <div className="min-w-0 flex-1">
        <p className="font-semibold">
          {toast.url ? <Link to={toast.url} className="hover:underline" onClick={() => dismissToast(toast.id)}>{toast.title}</Link> : toast.title}
        </p>
        {toast.text && <p className="truncate text-sm text-soft">{toast.text}</p>}
      </div>
      {toast.undo && <Button look="plain" className="-my-1" onClick={undo}>{t('common.undo')}</Button>}
      <IconButton label={t('common.close')} icon="cross" iconClass="size-4" className="size-8" onClick={() => dismissToast(toast.id)} />
    </div>
  )
}
