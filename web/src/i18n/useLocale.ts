import { useTranslation } from 'react-i18next'
import { regional } from './index'

/** The language of the texts with the reader's region, for dates and figures: British English dates are not American ones. */
export function useLocale(): string {
  const { i18n } = useTranslation()
  return regional(i18n.language, navigator.languages)
}
