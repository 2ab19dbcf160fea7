import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import type accounts from './accounts.en.json'
import en from './en.json'
import type playlists from './playlists.en.json'
import type rooms from './rooms.en.json'
import type studio from './studio.en.json'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

const storageKey = 'legato.language'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en & typeof accounts & typeof playlists & typeof rooms & typeof studio }
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

/** The texts that come with the pages that need them: whoever only listens has no need of these. */
const parts = {
  accounts: { en: () => import('./accounts.en.json'), de: () => import('./accounts.de.json') },
  playlists: { en: () => import('./playlists.en.json'), de: () => import('./playlists.de.json') },
  rooms: { en: () => import('./rooms.en.json'), de: () => import('./rooms.de.json') },
  studio: { en: () => import('./studio.en.json'), de: () => import('./studio.de.json') },
}
export type Part = keyof typeof parts
const started = new Set<Part>()

/** Fetches the texts of a part of the app, and from now on in every language that is chosen. */
export async function startTextsOf(part: Part): Promise<void> {
  started.add(part)
  await addTexts(part, i18next.language as Language)
}

async function addTexts(part: Part, language: Language): Promise<void> {
  const texts = await parts[part][language]()
  i18next.addResourceBundle(language, 'translation', texts.default, true)
}

async function speak(language: Language): Promise<void> {
  if (language === 'de' && !i18next.hasResourceBundle('de', 'translation')) {
    const texts = await import('./de.json')
    i18next.addResourceBundle('de', 'translation', texts.default)
  }
  await Promise.all([...started].map((part) => addTexts(part, language)))
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
