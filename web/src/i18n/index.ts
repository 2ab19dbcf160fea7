import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type accounts from './accounts.en.json'
import en from './en.json'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

const storageKey = 'legato.language'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en & typeof accounts }
  }
}

/** Starts the texts in the reader's language; only that one is fetched beside English. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
  })
  await speak(preferred(stored(), navigator.languages))
}

/** Changes the language and remembers it. */
export async function choose(language: Language): Promise<void> {
  try {
    localStorage.setItem(storageKey, language)
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  await speak(language)
}

/** The stored choice, else the first of the browser's languages that we speak. */
export function preferred(choice: string | null, wanted: readonly string[]): Language {
  const candidates = [choice, ...wanted.map((tag) => tag.slice(0, 2).toLowerCase())]
  return candidates.find((tag): tag is Language => tag !== null && Object.hasOwn(languages, tag)) ?? 'en'
}

/** The first of the browser's tags for this language, which knows the region. */
export function regional(language: string, wanted: readonly string[]): string {
  return wanted.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language
}

/** Fetches the texts of the account's own pages, which whoever only listens has no need of. */
export async function startAccountTexts(): Promise<void> {
  withAccounts = true
  await addAccountTexts(i18next.language as Language)
}

let withAccounts = false
const accountTexts = { en: () => import('./accounts.en.json'), de: () => import('./accounts.de.json') }

async function addAccountTexts(language: Language): Promise<void> {
  const texts = await accountTexts[language]()
  i18next.addResourceBundle(language, 'translation', texts.default, true)
}

async function speak(language: Language): Promise<void> {
  if (language === 'de' && !i18next.hasResourceBundle('de', 'translation')) {
    const texts = await import('./de.json')
    i18next.addResourceBundle('de', 'translation', texts.default)
  }
  if (withAccounts) await addAccountTexts(language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey)
  } catch {
    return null
  }
}
