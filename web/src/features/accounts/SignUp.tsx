import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useSearchParams } from 'react-router'
import { useFieldProblem } from '../../i18n/problemText'
import { Button } from '../../ui/Button'
import { Field } from '../../ui/Field'
import { ProblemNotice } from '../../ui/Notice'
import { DoorPage } from './DoorPage'
import { nextPath } from './nextPath'
import { signUp } from './session'

const fields = ['handle', 'email', 'password']

export default function SignUp() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const [handle, setHandle] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const opening = useMutation({
    mutationFn: () => signUp(handle.trim(), email.trim(), password),
    onSuccess: () => navigate(nextPath(search.get('next')), { replace: true }),
  })
  const problemOf = useFieldProblem(opening.error)
  const elsewhere = opening.isError && fields.every((field) => problemOf(field) === null)
  return (
    <DoorPage title={t('accounts.signUp')} lead={t('accounts.signUpLead')} onSubmit={() => opening.mutate()}>
      {elsewhere && <ProblemNotice problem={opening.error} />}
      <Field label={t('accounts.handle')} hint={t('accounts.handleHint')} problem={problemOf('handle')} autoComplete="username" autoCapitalize="none" spellCheck={false} required value={handle} onChange={(event) => setHandle(event.target.value)} />
      <Field label={t('accounts.email')} problem={problemOf('email')} type="email" autoComplete="email" required value={email} onChange={(event) => setEmail(event.target.value)} />
      <Field label={t('accounts.password')} hint={t('accounts.passwordHint')} problem={problemOf('password')} type="password" autoComplete="new-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      <Button type="submit" look="primary" busy={opening.isPending} className="h-12 w-full">{t('accounts.signUp')}</Button>
      <p className="text-center text-sm text-soft">
        {t('accounts.haveAccount')}{' '}
        <Link to={`/sign-in?${search}`} className="font-semibold text-accent underline underline-offset-4">{t('accounts.signIn')}</Link>
      </p>
    </DoorPage>
  )
}
