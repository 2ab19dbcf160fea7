import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../api/problem'
import { lengthInWords } from '../ui/time'
import { useLocale } from './useLocale'

/** Turns a failure into a sentence: by its slug where we know it, else by what the server said. */
export function useProblemText(): (problem: unknown) => string {
  const { t, i18n } = useTranslation()
  const locale = useLocale()
  return (problem) => {
    if (!(problem instanceof ApiProblem)) return t('problems.unknown')
    if (problem.slug === 'too-many-requests' && problem.retryAfterMs !== null) return t('waits.tooMany', { wait: lengthInWords(problem.retryAfterMs, locale) })
    const key = `problems.${problem.slug}`
    const text = i18n.exists(key) ? String(t(key as 'problems.unknown')) : problem.message
    return problem.status >= 500 && problem.requestId ? `${text} (${problem.requestId})` : text
  }
}

/**
 * A sentence that the server wrote, in the reader's language. The server speaks English, and more exactly than
 * we could (it knows the limit, the codec, the character); other languages have a sentence for its key.
 */
export function useServerText(): (key: string, english: string) => string {
  const { i18n } = useTranslation()
  return (key, english) => {
    const text: unknown = i18n.getResource(i18n.language, 'translation', key)
    return typeof text === 'string' ? text : english
  }
}

/** The problem of one field of a form: what is wrong with it, or null where another field is at fault. */
export function useFieldProblem(problem: unknown): (field: string) => string | null {
  const text = useProblemText()
  const serverText = useServerText()
  return (field) => {
    if (!(problem instanceof ApiProblem)) return null
    const owner = problem.field ?? fieldOfSlug.get(problem.slug)
    if (owner !== field) return null
    return problem.slug === 'invalid' ? serverText(`fields.${textKey(field)}`, problem.detail ?? problem.message) : text(problem)
  }
}

/** Refusals that concern one field, whether the server names it or not. */
const fieldOfSlug = new Map([
  ['handle-taken', 'handle'], ['handle-reserved', 'handle'], ['email-taken', 'email'], ['slug-taken', 'name'],
  ['invitation-needed', 'invitation'], ['wrong-code', 'code'],
])

/** `credits[2].name` has one sentence for all its places: `credits_name`. */
function textKey(field: string): string {
  return field.replaceAll(/\[\d+\]/g, '').replaceAll('.', '_')
}
