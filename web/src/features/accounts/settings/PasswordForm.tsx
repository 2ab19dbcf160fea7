import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { isRefusal } from '../../../api/problem'
import type { Me } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { Field } from '../../../ui/Field'
import { ProblemNotice } from '../../../ui/Notice'
import { showToast } from '../../../ui/toasts'
import { refetchMe } from '../session'
import { Actions, SectionForm } from './Section'

/** Changes the password, or sets the first one of an account that came by another provider. */
export function PasswordForm({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const changing = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/me/password', { body: { password, ...(me.has_password ? { current_password: current } : {}) } })),
    onSuccess: async () => {
      setCurrent('')
      setPassword('')
      showToast({ title: t('password.changed'), text: t('password.othersEnded') })
      await refetchMe()
    },
  })
  const problem = useFieldProblem(changing.error)('password')
  const isWrong = isRefusal(changing.error, 'wrong-credentials')
  return (
    <SectionForm label={t('accounts.password')} onSubmit={() => changing.mutate()}>
      {changing.isError && problem === null && !isWrong && <ProblemNotice problem={changing.error} />}
      {/* So that password managers know whose it is. */}
      <input type="text" autoComplete="username" value={me.handle} readOnly hidden />
      {me.has_password && <Field label={t('password.current')} problem={isWrong ? t('password.wrong') : null} type="password" autoComplete="current-password" required maxLength={256} value={current} onChange={(event) => setCurrent(event.target.value)} />}
      <Field label={t('accounts.newPassword')} hint={t('accounts.passwordHint')} problem={problem} type="password" autoComplete="new-password" required value={password} onChange={(event) => setPassword(event.target.value)} />
      <Actions><Button type="submit" busy={changing.isPending}>{t(me.has_password ? 'password.change' : 'password.set')}</Button></Actions>
    </SectionForm>
  )
}
