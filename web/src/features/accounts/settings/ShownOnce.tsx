import { useTranslation } from 'react-i18next'
import { Button } from '../../../ui/Button'
import { CopyButton } from '../../../ui/CopyButton'
import { Note } from '../../../ui/Notice'
import { Actions } from './Section'

/** A secret that is shown now and never again. */
export function ShownOnce({ title, secret, onDone }: { title: string; secret: string; onDone: () => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-4">
      <Note title={title}>{t('settings.onceText')}</Note>
      <code data-secret className="rounded-xl border border-line bg-raised p-4 text-sm break-all select-all">{secret}</code>
      <Actions>
        <CopyButton text={secret} />
        <Button look="primary" icon="check" onClick={onDone}>{t('settings.onceDone')}</Button>
      </Actions>
    </div>
  )
}
