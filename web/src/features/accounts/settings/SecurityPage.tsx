import { useTranslation } from 'react-i18next'
import type { Me } from '../../../api/types'
import { Section } from './Section'
import { Authenticator } from './Authenticator'
import { EmailForm } from './EmailForm'
import { Identities } from './Identities'
import { PageTitle } from './PageTitle'
import { PasskeyList } from './PasskeyList'
import { PasswordForm } from './PasswordForm'

/** How somebody proves who they are, and where letters go. */
export function SecurityPage({ me }: { me: Me }) {
  const { t } = useTranslation()
  return (
    <>
      <PageTitle page="security" />
      <Section title={t('accounts.email')} lead={t('email.lead')}><EmailForm me={me} /></Section>
      <Section title={t('accounts.password')} lead={t(me.has_password ? 'password.lead' : 'password.none')}><PasswordForm me={me} /></Section>
      <Section title={t('passkeys.title')} lead={t('passkeys.lead')}><PasskeyList /></Section>
      <Section title={t('totp.title')} lead={t('totp.lead')}><Authenticator /></Section>
      <Identities />
    </>
  )
}
