import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { answer, api } from '../../api/client'
import { Button } from '../../ui/Button'
import { Field } from '../../ui/Field'
import { Note, ProblemNotice } from '../../ui/Notice'
import { DoorPage } from './DoorPage'

/** Asks for a letter with a link. The answer is the same whether somebody has that login or not. */
export function ForgotPassword() {
  const { t } = useTranslation()
  const [login, setLogin] = useState('')
  const asking = useMutation({ mutationFn: () => answer(api.POST('/api/v1/password-resets', { body: { login: login.trim() } })) })
  if (asking.isSuccess) {
    return <DoorPage title={t('letters.lookTitle')} lead={t('letters.forgotSent')}><Note>{t('letters.lookHint')}</Note></DoorPage>
  }
  return (
    <DoorPage title={t('accounts.forgot')} lead={t('letters.forgotText')} onSubmit={() => asking.mutate()}>
      {asking.isError && <ProblemNotice problem={asking.error} />}
      <Field label={t('accounts.login')} autoComplete="username" autoCapitalize="none" spellCheck={false} required maxLength={254} value={login} onChange={(event) => setLogin(event.target.value)} />
      <Button type="submit" look="primary" busy={asking.isPending} className="h-12 w-full">{t('letters.forgotAction')}</Button>
      <p className="text-center text-sm"><Link to="/sign-in" className="font-semibold text-accent underline underline-offset-4">{t('letters.backToSignIn')}</Link></p>
    </DoorPage>
  )
}
