import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { useFieldProblem } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { CopyButton } from '../../../ui/CopyButton'
import { Confirm } from '../../../ui/Dialog'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { CodeField } from '../CodeField'
import { authenticator } from './queries'
import { QrCode } from './QrCode'
import { RecoveryCodes, RenewRecoveryCodes } from './RecoveryCodes'
import { Actions, SectionForm } from './Section'

/** Codes of an authenticator app as the second step: set up, taken away, and what stands in for a lost one. */
export function Authenticator() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const state = useQuery(authenticator)
  const [codes, setCodes] = useState<string[] | null>(null)
  const [removing, setRemoving] = useState(false)
  const beginning = useMutation({ mutationFn: () => answer(api.POST('/api/v1/me/totp')) })
  const renew = () => client.invalidateQueries({ queryKey: ['settings'] })
  if (state.isPending) return <Loading><Block className="h-10 w-48" /></Loading>
  if (state.isError) return <ProblemNotice problem={state.error} onRetry={() => void state.refetch()} />
  if (codes) return <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
  if (beginning.data && !state.data.enabled) {
    return <SetUp fresh={beginning.data} onCancel={beginning.reset} onDone={(made) => { setCodes(made); beginning.reset(); void renew() }} />
  }
  const { enabled, recovery_codes_left: left } = state.data
  return (
    <>
      {beginning.isError && <ProblemNotice problem={beginning.error} />}
      <p className="flex items-center gap-2 font-semibold">
        <span aria-hidden="true" className={`size-2.5 rounded-full ${enabled ? 'bg-calm' : 'bg-edge'}`} /> {t(enabled ? 'totp.on' : 'totp.off')}
      </p>
      {left > 0 && <p className={`text-sm ${left < 4 ? 'text-alarm' : 'text-soft'}`}>{t('recovery.left', { count: left })}</p>}
      <Actions>
        {enabled ? <Button look="danger" icon="trash" onClick={() => setRemoving(true)}>{t('totp.remove')}</Button> : <Button look="primary" busy={beginning.isPending} onClick={() => beginning.mutate()}>{t('totp.setUp')}</Button>}
        {(enabled || left > 0) && <RenewRecoveryCodes onCodes={(made) => { setCodes(made); void renew() }} />}
      </Actions>
      {removing && <Removal onClose={() => setRemoving(false)} onDone={() => { setRemoving(false); void renew() }} />}
    </>
  )
}

function SetUp({ fresh, onCancel, onDone }: { fresh: { secret: string; uri: string }; onCancel: () => void; onDone: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const confirming = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/me/totp', { body: { code: code.trim() } })),
    onSuccess: ({ recovery_codes }) => onDone(recovery_codes),
    onError: () => setCode(''),
  })
  const problem = useFieldProblem(confirming.error)('code')
  return (
    <div className="flex flex-col gap-5 sm:flex-row sm:items-start">
      <QrCode text={fresh.uri} label={t('totp.qr')} className="mx-auto w-48 shrink-0 border border-line sm:mx-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-4">
        <p className="text-sm text-soft">{t('totp.scan')}</p>
        <div>
          <p className="mb-1 text-sm font-semibold">{t('totp.byHand')}</p>
          <div className="flex flex-wrap items-center gap-3">
            <code className="figures text-sm break-all select-all" data-secret>{fresh.secret.match(/.{1,4}/g)?.join(' ')}</code>
            <CopyButton text={fresh.secret} className="h-8 px-3" />
          </div>
        </div>
        <SectionForm label={t('totp.title')} onSubmit={() => confirming.mutate()}>
          {confirming.isError && problem === null && <ProblemNotice problem={confirming.error} />}
          <CodeField label={t('totp.first')} problem={problem} value={code} onValue={setCode} />
          <Actions>
            <Button type="submit" look="primary" busy={confirming.isPending}>{t('totp.turnOn')}</Button>
            <Button look="plain" onClick={onCancel}>{t('common.cancel')}</Button>
          </Actions>
        </SectionForm>
      </div>
    </div>
  )
}

function Removal({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const removing = useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/me/totp')), onSuccess: onDone })
  return (
    <Confirm title={t('totp.removeTitle')} action={t('totp.remove')} busy={removing.isPending} problem={removing.error} onConfirm={() => removing.mutate()} onClose={onClose}>
      {t('totp.removeText')}
    </Confirm>
  )
}
