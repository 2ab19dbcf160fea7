import { useTranslation } from 'react-i18next'
import { useShortcutHelp } from './features/streaming/shortcuts'
import { choose, languages, type Language } from './i18n'

export function Footer() {
  const { t, i18n } = useTranslation()
  return (
    <footer className="border-t border-line">
      <div className="mx-auto flex max-w-[84rem] flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-5 text-sm text-soft sm:px-8">
        <p>{t('footer.line')}</p>
        <div className="flex items-center gap-5">
          <button type="button" className="hidden hover:text-ink hover:underline md:block" onClick={() => useShortcutHelp.setState({ open: true })}>{t('shortcuts.title')}</button>
          <select aria-label={t('footer.language')} value={i18n.language} onChange={(event) => void choose(event.target.value as Language)} className="h-9 rounded-lg bg-paper hover:text-ink">
            {Object.entries(languages).map(([tag, name]) => <option key={tag} value={tag}>{name}</option>)}
          </select>
        </div>
      </div>
    </footer>
  )
}
