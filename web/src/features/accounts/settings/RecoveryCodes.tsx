import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { Button, buttonLook } from '../../../ui/Button'
import { CopyButton } from '../../../ui/CopyButton'
import { Confirm } from '../../../ui/Dialog'
import { Icon } from '../../../ui/Icon'
import { Note } from '../../../ui/Notice'
import { Actions } from './Section'

/** The codes that stand in for a lost authenticator, for the only time. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation()
  const text = codes.join('\n')
  const file = `data:text/plain;charset=utf-8,${encodeURIComponent(`Legato (${window.location.host})\n${t('recovery.title')}\n\n${text}\n`)}`
  return (
    <div className="flex flex-col gap-4">
      <Note title={t('recovery.title')}>{t('recovery.text')}</Note>
      <ul data-recovery-codes className="printed figures grid grid-cols-1 gap-x-8 gap-y-1.5 rounded-xl border border-line bg-raised p-4 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => <li key={code} className="select-all">{code}</li>)}
      </ul>
      <Actions>
        <CopyButton text={text} />
        <a href={file} download="legato-recovery-codes.txt" className={buttonLook()}><Icon name="download" className="size-4" />{t('recovery.download')}</a>
        <Button icon="print" onClick={() => window.print()}>{t('recovery.print')}</Button>
        <Button look="primary" icon="check" onClick={onDone}>{t('recovery.done')}</Button>
      </Actions>
    </div>
  )
}

/** New codes in the place of those that were used or lost. */
export function RenewRecoveryCodes({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const renewing = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/me/recovery-codes')),
    onSuccess: ({ recovery_codes }) => {
      setAsking(false)
      onCodes(recovery_codes)
    },
  })
  return (
    <>
      <Button icon="retry" onClick={() => setAsking(true)}>{t('recovery.renew')}</Button>
      {asking && (
        <Confirm title={t('recovery.renewTitle')} action={t('recovery.renew')} icon="retry" busy={renewing.isPending} problem={renewing.error} onConfirm={() => renewing.mutate()} onClose={() => setAsking(false)}>
          {t('recovery.renewText')}
        </Confirm>
      )}
    </>
  )
}
