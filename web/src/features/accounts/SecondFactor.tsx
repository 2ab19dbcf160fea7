import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '../../ui/Button'
import { DoorPage } from './DoorPage'
import { EntryProblem } from './EntryProblem'
import { CodeField } from './CodeField'
import { passkeysWork } from './passkey'
import type { Proofs } from './session'
import type { Entering } from './SignIn'

interface SecondFactorProps {
  half: Extract<Proofs, { kind: 'password' | 'challenge' }>
  entering: Entering
  canGoBack: boolean
  onBack: () => void
}

/** The second step: a code of the authenticator or a recovery code; or a passkey, which proves both steps at once. */
export function SecondFactor({ half, entering, canGoBack, onBack }: SecondFactorProps) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const enter = () => {
    entering.enter({ ...half, code: code.trim() })
    setCode('')
  }
  const link = 'font-semibold text-accent underline underline-offset-4'
  return (
    <DoorPage title={t('accounts.secondStep')} lead={t('accounts.secondStepLead')} onSubmit={enter}>
      <EntryProblem entering={entering} problem={entering.problem} />
      <CodeField label={t('accounts.code')} hint={t('accounts.codeHint')} value={code} onValue={setCode} />
      <Button type="submit" look="primary" busy={entering.busy} className="h-12 w-full">{t('accounts.continue')}</Button>
      {passkeysWork() && <Button icon="passkey" disabled={entering.busy} className="h-12 w-full" onClick={entering.enterByPasskey}>{t('accounts.withPasskey')}</Button>}
      <p className="text-center text-sm">
        {canGoBack ? <button type="button" className={link} onClick={onBack}>{t('accounts.anotherWay')}</button> : <Link to="/sign-in" reloadDocument className={link}>{t('accounts.anotherWay')}</Link>}
      </p>
    </DoorPage>
  )
}
