/** What language tags mean, for people; one that means nothing is left out. */
export function languageNames(tags: readonly string[], locale: string): string {
  const names = new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' })
  const name = (tag: string) => {
    try {
      return names.of(tag)
    } catch {
      return undefined
    }
  }
  return tags.map(name).filter(Boolean).join(', ')
}
