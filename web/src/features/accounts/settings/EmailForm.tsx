import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Me } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { Field } from '../../../ui/Field'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { Actions, SectionForm } from './Section'

/** The address that letters go to: confirmed or not, and the way to another one. */
export function EmailForm({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const changing = useMutation({ mutationFn: () => answer(api.POST('/api/v1/me/email-changes', { body: { email: email.trim() } })) })
  const problem = useFieldProblem(changing.error)('email')
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-semibold break-all">{me.email}</span>
        <span className={`rounded-full px-3 py-1 text-xs font-semibold ${me.email_confirmed ? 'bg-calm-tint text-calm' : 'bg-alarm-tint text-alarm'}`}>{t(me.email_confirmed ? 'email.confirmed' : 'email.unconfirmed')}</span>
      </p>
      {!me.email_confirmed && <Confirmation />}
      {changing.isSuccess
        ? <Note title={t('letters.lookTitle')}>{t('email.sent', { email: email.trim() })}</Note>
        : (
          <SectionForm label={t('email.change')} onSubmit={() => changing.mutate()}>
            {changing.isError && problem === null && <ProblemNotice problem={changing.error} />}
            <Field label={t('email.new')} problem={problem} type="email" autoComplete="email" required maxLength={254} value={email} onChange={(event) => setEmail(event.target.value)} />
            <Actions><Button type="submit" busy={changing.isPending} disabled={email.trim() === ''}>{t('email.change')}</Button></Actions>
          </SectionForm>
        )}
    </>
  )
}

function Confirmation() {
  const { t } = useTranslation()
  const asking = useMutation({ mutationFn: () => answer(api.POST('/api/v1/me/email-confirmations')) })
  if (asking.isSuccess) return <Note title={t('letters.lookTitle')}>{t('email.confirmationSent')}</Note>
  return (
    <>
      {asking.isError && <ProblemNotice problem={asking.error} />}
      <Actions><Button icon="letter" busy={asking.isPending} onClick={() => asking.mutate()}>{t('email.sendAgain')}</Button></Actions>
    </>
  )
}
