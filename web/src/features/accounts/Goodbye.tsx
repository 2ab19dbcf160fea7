import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { buttonLook } from '../../ui/Button'
import { DoorPage } from './DoorPage'

/** What is read after an account was closed. */
export function Goodbye() {
  const { t } = useTranslation()
  return (
    <DoorPage title={t('closing.goneTitle')} lead={t('closing.gone')}>
      <Link to="/" className={`${buttonLook()} h-12 w-full`}>{t('letters.home')}</Link>
    </DoorPage>
  )
}
