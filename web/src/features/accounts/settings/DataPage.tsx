import { useTranslation } from 'react-i18next'
import type { Me } from '../../../api/types'
import { CloseAccount } from './CloseAccount'
import { Export } from './Export'
import { History } from './History'
import { PageTitle } from './PageTitle'
import { Section } from './Section'

/** What is an account's own: to take along, and to take away. */
export function DataPage({ me }: { me: Me }) {
  const { t } = useTranslation()
  return (
    <>
      <PageTitle page="data" />
      <Section title={t('export.title')} lead={t('export.lead')}><Export /></Section>
      <Section title={t('history.title')} lead={t('history.lead')}><History /></Section>
      <Section title={t('closing.title')} lead={t('closing.lead')}><CloseAccount me={me} /></Section>
    </>
  )
}
