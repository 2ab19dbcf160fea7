import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { useFieldProblem } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { Field } from '../../../ui/Field'
import { ProblemNotice } from '../../../ui/Notice'
import { Actions, SectionForm } from '../settings/Section'

interface SuspensionProps {
  id: string
  suspended: boolean
  onDone: (suspended: boolean) => void
}

/** Suspends an account with a reason for its owner, or lets it back in. */
export function Suspension({ id, suspended, onDone }: SuspensionProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const where = { params: { path: { id } } }
  const turning = useMutation({
    mutationFn: () => answer<unknown>(suspended ? api.DELETE('/api/v1/accounts/{id}/suspension', where) : api.PUT('/api/v1/accounts/{id}/suspension', { ...where, body: { reason: reason.trim() } })),
    onSuccess: () => {
      setReason('')
      onDone(!suspended)
    },
  })
  const problem = useFieldProblem(turning.error)('reason')
  return (
    <SectionForm label={t('admin.suspension')} onSubmit={() => turning.mutate()}>
      {turning.isError && problem === null && <ProblemNotice problem={turning.error} />}
      {!suspended && <Field label={t('admin.reason')} hint={t('admin.reasonHint')} problem={problem} required maxLength={500} autoComplete="off" value={reason} onChange={(event) => setReason(event.target.value)} />}
      <Actions><Button type="submit" look={suspended ? 'quiet' : 'danger'} busy={turning.isPending}>{t(suspended ? 'admin.reinstate' : 'admin.suspend')}</Button></Actions>
    </SectionForm>
  )
}
