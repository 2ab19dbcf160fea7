import { useTranslation } from 'react-i18next'

/** The title of a settings page in the browser's tab. */
export function PageTitle({ page }: { page: 'profile' | 'security' | 'sessions' | 'apps' | 'data' }) {
  const { t } = useTranslation()
  return <title>{`${t(`settings.pages.${page}`)} · ${t('settings.title')} · Legato`}</title>
}
