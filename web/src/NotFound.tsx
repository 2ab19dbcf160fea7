import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { buttonLook } from './ui/Button'
import { EmptyState } from './ui/Notice'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <>
      <title>{`${t('notFound.title')} · Legato`}</title>
      <h1 className="sr-only">{t('notFound.title')}</h1>
      <EmptyState title={t('notFound.title')}>
        <p>{t('notFound.text')}</p>
        <Link to="/" className={`${buttonLook('primary')} mt-6`}>{t('notFound.home')}</Link>
      </EmptyState>
    </>
  )
}
