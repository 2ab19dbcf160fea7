import { useTranslation } from 'react-i18next'
import { Dialog } from '../../ui/Dialog'
import { shortcuts, useShortcutHelp } from './shortcuts'

export function ShortcutHelp() {
  const { t } = useTranslation()
  const open = useShortcutHelp((state) => state.open)
  if (!open) return null
  return (
    <Dialog title={t('shortcuts.title')} onClose={() => useShortcutHelp.setState({ open: false })}>
      <dl className="divide-y divide-line">
        {shortcuts.map(({ keys, command }) => (
          <div key={command} className="flex items-center justify-between gap-4 py-2">
            <dt>{t(`shortcuts.${command}`)}</dt>
            <dd className="flex gap-2">
              {keys.map((key) => <kbd key={key} className="min-w-8 rounded-md border border-b-2 border-line bg-raised px-2 py-0.5 text-center font-sans text-sm font-semibold">{key}</kbd>)}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
