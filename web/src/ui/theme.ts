import { create } from 'zustand'

export type Theme = 'system' | 'light' | 'dark'

const storageKey = 'legato.theme'

/** The chosen theme; `public/theme.js` applies a stored one before the first paint. */
export const useTheme = create<{ theme: Theme; turn: () => void }>((set, get) => ({
  theme: (document.documentElement.dataset.theme as Theme | undefined) ?? 'system',
  turn: () => {
    const theme = following[get().theme]
    apply(theme)
    set({ theme })
  },
}))

const following: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

function apply(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  try {
    if (theme === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, theme)
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}
