import type { Money } from '../../../api/types'

/**
 * An amount in the reader's words, to the cent. The server's number is exact and a text; `Intl.NumberFormat` takes it as
 * one, so that it is rounded once and never a float.
 */
export function money({ amount, currency }: Money, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount as `${number}`)
}
