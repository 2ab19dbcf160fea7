import { useTranslation } from 'react-i18next'
import { isRefusal } from '../../api/problem'
import { Button } from '../../ui/Button'
import { Note, ProblemNotice } from '../../ui/Notice'
import type { Entering } from './SignIn'

/** Why nobody came in, and for an account that is about to be closed, the way back. */
export function EntryProblem({ entering, problem }: { entering: Entering; problem: unknown }) {
  const { t } = useTranslation()
  if (isRefusal(problem, 'account-closing')) {
    return (
      <Note title={t('accounts.closingTitle')}>
        <p className="mb-4">{t('accounts.closingText')}</p>
        <Button look="primary" onClick={entering.reopen}>{t('accounts.keep')}</Button>
      </Note>
    )
  }
  if (isRefusal(problem, 'unauthenticated')) return <Note title={t('accounts.tooLateTitle')}>{t('accounts.tooLateText')}</Note>
  if (problem) return <ProblemNotice problem={problem} />
  if (entering.reopening && !entering.busy) return <Note title={t('accounts.keepTitle')}>{t('accounts.keepText')}</Note>
  return null
}
