import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { answer, api } from '../../api/client'
import { isRefusal } from '../../api/problem'
import { useFieldProblem } from '../../i18n/problemText'
import { Button, buttonLook } from '../../ui/Button'
import { Field } from '../../ui/Field'
import { Note, ProblemNotice } from '../../ui/Notice'
import { DoorPage } from './DoorPage'
import { ForgotPassword } from './ForgotPassword'
import { Goodbye } from './Goodbye'
import type { LetterPageName } from './letterPages'
import { refetchMe, useMe } from './session'
import { useFragment } from './useFragment'

const acts = {
  'confirm-email': (token: string) => api.PUT('/api/v1/email-confirmations/{token}', { params: { path: { token } } }),
  'confirm-registration': (token: string) => api.PUT('/api/v1/registrations/{token}', { params: { path: { token } } }),
  'change-email': (token: string) => api.PUT('/api/v1/email-changes/{token}', { params: { path: { token } } }),
  'restore-email': (token: string) => api.PUT('/api/v1/email-restorations/{token}', { params: { path: { token } } }),
}
type Act = keyof typeof acts

/** The pages that letters lead to: a chunk of their own. */
export default function LetterPage({ page }: { page: LetterPageName }) {
  switch (page) {
    case 'forgot-password': return <ForgotPassword />
    case 'goodbye': return <Goodbye />
    default: return <WithCode page={page} />
  }
}

function WithCode({ page }: { page: Act | 'reset-password' | 'export' }) {
  const code = useFragment()
  if (page === 'reset-password') return code === '' ? <ForgotPassword /> : <ResetPassword key={code} code={code} />
  if (code === '') return <Stale again={page === 'export' ? '/settings/data' : '/sign-in'} />
  // Another link that is opened in the same tab begins anew.
  return page === 'export' ? <ExportPage code={code} /> : <ActPage key={code} act={page} code={code} />
}

/** Where the link of a letter leads. Programs that look at letters open links too: nothing happens before somebody presses the button. */
function ActPage({ act, code }: { act: Act; code: string }) {
  const { t } = useTranslation()
  const doing = useMutation({
    mutationFn: async () => {
      await answer<unknown>(acts[act](code))
      await refetchMe()
    },
  })
  if (isRefusal(doing.error, 'not-found')) return <Stale />
  if (doing.isSuccess) return <Done title={t(`letters.doneTitle.${act}`)} text={t(`letters.done.${act}`)} />
  return (
    <DoorPage title={t(`letters.title.${act}`)} lead={t(`letters.text.${act}`)} onSubmit={() => doing.mutate()}>
      {doing.isError && <ProblemNotice problem={doing.error} />}
      <Button type="submit" look="primary" busy={doing.isPending} className="h-12 w-full">{t(`letters.action.${act}`)}</Button>
    </DoorPage>
  )
}

/** Sets a new password with the code of a letter. */
function ResetPassword({ code }: { code: string }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const setting = useMutation({
    mutationFn: async () => {
      await answer(api.PUT('/api/v1/password-resets/{token}', { params: { path: { token: code } }, body: { password } }))
      await refetchMe()
    },
  })
  const problem = useFieldProblem(setting.error)('password')
  if (isRefusal(setting.error, 'not-found')) return <Stale again="/forgot-password" />
  if (setting.isSuccess) return <Done title={t('letters.reset.doneTitle')} text={t('letters.reset.done')} />
  return (
    <DoorPage title={t('letters.reset.title')} lead={t('letters.reset.text')} onSubmit={() => setting.mutate()}>
      {setting.isError && problem === null && <ProblemNotice problem={setting.error} />}
      <Field label={t('accounts.newPassword')} hint={t('accounts.passwordHint')} problem={problem} type="password" autoComplete="new-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      <Button type="submit" look="primary" busy={setting.isPending} className="h-12 w-full">{t('letters.reset.action')}</Button>
    </DoorPage>
  )
}

/** The archive of everything that is an account's, for whoever has the letter. */
function ExportPage({ code }: { code: string }) {
  const { t } = useTranslation()
  return (
    <DoorPage title={t('letters.export.title')} lead={t('letters.export.text')}>
      <a href={`/api/v1/exports/${encodeURIComponent(code)}`} download className={`${buttonLook('primary')} h-12 w-full`}>{t('letters.export.action')}</a>
      <Note>{t('letters.export.hint')}</Note>
    </DoorPage>
  )
}

function Done({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <DoorPage title={title} lead={text}>
      {me.data
        ? <Link to="/" className={`${buttonLook('primary')} h-12 w-full`}>{t('letters.home')}</Link>
        : <Link to="/sign-in" className={`${buttonLook('primary')} h-12 w-full`}>{t('accounts.signIn')}</Link>}
    </DoorPage>
  )
}

function Stale({ again = '/sign-in' }: { again?: string }) {
  const { t } = useTranslation()
  return (
    <DoorPage title={t('letters.staleTitle')} lead={t('letters.staleText')}>
      <Link to={again} className={`${buttonLook()} h-12 w-full`}>{t('letters.again')}</Link>
    </DoorPage>
  )
}
