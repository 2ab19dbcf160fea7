import { useTranslation } from 'react-i18next'
import type { Me } from '../../../api/types'
import { AppPasswords } from './AppPasswords'
import { PageTitle } from './PageTitle'
import { Section } from './Section'
import { Tokens } from './Tokens'

/** What programs sign in with. */
export function AppsPage({ me }: { me: Me }) {
  const { t } = useTranslation()
  return (
    <>
      <PageTitle page="apps" />
      <Section title={t('tokens.title')} lead={t('tokens.lead')}><Tokens me={me} /></Section>
      <Section title={t('appPasswords.title')} lead={t('appPasswords.lead')}><AppPasswords /></Section>
    </>
  )
}
