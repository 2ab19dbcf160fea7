import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { Button } from '../../ui/Button'
import { Field } from '../../ui/Field'
import { ProblemNotice } from '../../ui/Notice'
import { DoorPage } from './DoorPage'
import { nextPath } from './nextPath'
import { signIn } from './session'

export default function SignIn() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const entering = useMutation({
    mutationFn: () => signIn(login.trim(), password),
    onSuccess: () => navigate(nextPath(search.get('next')), { replace: true }),
  })
  return (
    <DoorPage title={t('accounts.signIn')} lead={t('accounts.signInLead')} onSubmit={() => entering.mutate()}>
      {entering.isError && <ProblemNotice problem={entering.error} />}
      <Field label={t('accounts.login')} autoComplete="username" autoCapitalize="none" spellCheck={false} required value={login} onChange={(event) => setLogin(event.target.value)} />
      <Field label={t('accounts.password')} type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      <Button type="submit" look="primary" busy={entering.isPending} className="h-12 w-full">{t('accounts.signIn')}</Button>
      <p className="text-center text-sm text-soft">
        {t('accounts.noAccount')}{' '}
        <Link to={`/sign-up?${search}`} className="font-semibold text-accent underline underline-offset-4">{t('accounts.signUp')}</Link>
      </p>
    </DoorPage>
  )
}
