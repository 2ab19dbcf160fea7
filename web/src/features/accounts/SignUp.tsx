import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useSearchParams } from 'react-router'
import { isRefusal } from '../../api/problem'
import type { Language } from '../../i18n'
import { useFieldProblem } from '../../i18n/problemText'
import { Button } from '../../ui/Button'
import { Field } from '../../ui/Field'
import { Note, ProblemNotice } from '../../ui/Notice'
import { DoorPage } from './DoorPage'
import { nextPath } from './nextPath'
import { signUp, useMe } from './session'
import { useFragment } from './useFragment'

const fields = ['handle', 'email', 'password', 'invitation']

export default function SignUp() {
  const me = useMe()
  const [search] = useSearchParams()
  const [waiting, setWaiting] = useState<string | null>(null)
  if (me.data) return <Navigate replace to={nextPath(search.get('next'))} />
  return waiting === null ? <Form onWait={setWaiting} /> : <LetterSent email={waiting} />
}

/** `onWait` is told the address whose letter has to be followed first. */
function Form({ onWait }: { onWait: (email: string) => void }) {
  const { t, i18n } = useTranslation()
  const [search] = useSearchParams()
  const invited = new URLSearchParams(useFragment()).get('invitation') ?? ''
  const [form, setForm] = useState({ handle: '', email: '', password: '', invitation: invited })
  const fill = (field: keyof typeof form) => (event: { target: { value: string } }) => setForm({ ...form, [field]: event.target.value })
  const opening = useMutation({
    mutationFn: () => signUp(tidy(form, i18n.language as Language)),
    onSuccess: (isOpen) => {
      if (!isOpen) onWait(form.email.trim())
    },
  })
  const problemOf = useFieldProblem(opening.error)
  const elsewhere = opening.isError && fields.every((field) => problemOf(field) === null)
  const needsInvitation = invited !== '' || form.invitation !== '' || isRefusal(opening.error, 'invitation-needed')
  if (isRefusal(opening.error, 'registration-closed')) return <Closed />
  return (
    <DoorPage title={t('accounts.signUp')} lead={t('accounts.signUpLead')} onSubmit={() => opening.mutate()}>
      {elsewhere && <ProblemNotice problem={opening.error} />}
      {needsInvitation && <Field label={t('accounts.invitation')} hint={t('accounts.invitationHint')} problem={problemOf('invitation')} autoComplete="off" spellCheck={false} required maxLength={100} value={form.invitation} onChange={fill('invitation')} />}
      <Field label={t('accounts.handle')} hint={t('accounts.handleHint')} problem={problemOf('handle')} autoComplete="username" autoCapitalize="none" spellCheck={false} required value={form.handle} onChange={fill('handle')} />
      <Field label={t('accounts.email')} problem={problemOf('email')} type="email" autoComplete="email" required value={form.email} onChange={fill('email')} />
      <Field label={t('accounts.password')} hint={t('accounts.passwordHint')} problem={problemOf('password')} type="password" autoComplete="new-password" required value={form.password} onChange={fill('password')} />
      <Button type="submit" look="primary" busy={opening.isPending} className="h-12 w-full">{t('accounts.signUp')}</Button>
      <p className="text-center text-sm text-soft">
        {t('accounts.haveAccount')}{' '}
        <Link to={`/sign-in?${search}`} className="font-semibold text-accent underline underline-offset-4">{t('accounts.signIn')}</Link>
      </p>
    </DoorPage>
  )
}

function tidy({ handle, email, password, invitation }: { handle: string; email: string; password: string; invitation: string }, language: Language) {
  const code = invitation.trim()
  return { handle: handle.trim(), email: email.trim(), password, language, ...(code === '' ? {} : { invitation: code }) }
}

function LetterSent({ email }: { email: string }) {
  const { t } = useTranslation()
  return (
    <DoorPage title={t('letters.lookTitle')} lead={t('letters.lookText', { email })}>
      <Note>{t('letters.lookHint')}</Note>
    </DoorPage>
  )
}

function Closed() {
  const { t } = useTranslation()
  return (
    <DoorPage title={t('accounts.registrationClosed')} lead={t('accounts.registrationClosedText')}>
      <p className="text-sm text-soft">
        {t('accounts.haveAccount')}{' '}
        <Link to="/sign-in" className="font-semibold text-accent underline underline-offset-4">{t('accounts.signIn')}</Link>
      </p>
    </DoorPage>
  )
}
