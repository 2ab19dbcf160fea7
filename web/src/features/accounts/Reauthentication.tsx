import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import { isRefusal } from '../../api/problem'
import { settleProof } from '../../api/proof'
import type { Me } from '../../api/types'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Field } from '../../ui/Field'
import { ProblemNotice } from '../../ui/Notice'
import { CodeField } from './CodeField'
import { assertion, passkeysWork, wasDeclined } from './passkey'
import { authenticator, passkeys } from './settings/queries'

interface Proof {
  password?: string
  code?: string
}

/** Asks for one more proof of who is there, before what would hurt in a thief's hands. */
export default function Reauthentication({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const keys = useQuery(passkeys)
  const totp = useQuery({ ...authenticator, enabled: !me.has_password })
  const proving = useMutation({
    mutationFn: async (proof: Proof | 'passkey') => {
      const body = proof === 'passkey' ? await assertion(await answer(api.POST('/api/v1/session/passkey-ceremonies'))) : proof
      await answer(api.POST('/api/v1/session/reauthentication', { body }))
    },
    onSuccess: () => settleProof(true),
  })
  const offersPasskey = passkeysWork() && (keys.data?.items.length ?? 0) > 0
  const offersCode = !me.has_password && (totp.data?.enabled || (totp.data?.recovery_codes_left ?? 0) > 0)
  const needsProvider = !me.has_password && keys.isSuccess && totp.isSuccess && !offersPasskey && !offersCode
  const isWrong = isRefusal(proving.error, 'wrong-credentials')
  return (
    <Dialog title={t('proof.title')} onClose={() => settleProof(false)}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          proving.mutate(me.has_password ? { password: typed } : { code: typed.trim() })
        }}
      >
        <p className="text-soft">{t(needsProvider ? 'proof.byProvider' : 'proof.text')}</p>
        {proving.isError && !isWrong && !wasDeclined(proving.error) && <ProblemNotice problem={proving.error} />}
        {me.has_password && <Field focused label={t('accounts.password')} problem={isWrong ? t('password.wrong') : null} type="password" autoComplete="current-password" required maxLength={256} value={typed} onChange={(event) => setTyped(event.target.value)} />}
        {offersCode && <CodeField label={t('accounts.code')} hint={t('accounts.codeHint')} value={typed} onValue={setTyped} />}
        <div className="flex flex-wrap justify-end gap-3">
          {offersPasskey && <Button icon="passkey" disabled={proving.isPending} onClick={() => proving.mutate('passkey')}>{t('proof.passkey')}</Button>}
          {(me.has_password || offersCode) && <Button type="submit" look="primary" busy={proving.isPending}>{t('accounts.continue')}</Button>}
        </div>
      </form>
    </Dialog>
  )
}
