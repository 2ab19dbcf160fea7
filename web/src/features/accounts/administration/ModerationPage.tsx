import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { Button } from '../../../ui/Button'
import { Field } from '../../../ui/Field'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { Actions, Section, SectionForm } from '../settings/Section'
import { Suspension } from './Suspension'

/** What moderators may do: find an account by its handle and suspend it. The list of all accounts is not theirs to see. */
export function ModerationPage() {
  const { t } = useTranslation()
  const [handle, setHandle] = useState('')
  const [suspended, setSuspended] = useState(false)
  const finding = useMutation({
    mutationFn: () => answer(api.GET('/api/v1/accounts/{handle}', { params: { path: { handle: handle.trim().replace(/^@/, '') } } })),
    onSuccess: () => setSuspended(false),
  })
  return (
    <>
      <h1 className="mb-6 text-4xl">{t('moderation.title')}</h1>
      <Section title={t('admin.suspension')} lead={t('moderation.lead')}>
        <SectionForm label={t('moderation.find')} onSubmit={() => finding.mutate()}>
          {finding.isError && <ProblemNotice problem={finding.error} />}
          <Field label={t('accounts.handle')} required autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={33} value={handle} onChange={(event) => setHandle(event.target.value)} />
          <Actions><Button type="submit" icon="search" busy={finding.isPending}>{t('moderation.find')}</Button></Actions>
        </SectionForm>
        {finding.data && (
          <>
            <h3 className="text-xl break-words">{finding.data.display_name} <span className="text-soft">@{finding.data.handle}</span></h3>
            {suspended && <Note>{t('moderation.suspended')}</Note>}
            <Suspension id={finding.data.id} suspended={suspended} onDone={setSuspended} />
          </>
        )}
      </Section>
    </>
  )
}
