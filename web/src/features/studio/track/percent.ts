/** The hundredths of a percent that a text says (`33.33`, `33,3`); null where it says none. */
export function hundredthsOf(text: string): number | null {
  const parts = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text.trim())
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0')) : null
}

/** A text that the server reads: `33.33`, `50`. */
export function percentOf(hundredths: number): string {
  const rest = hundredths % 100
  return rest === 0 ? String(hundredths / 100) : `${Math.floor(hundredths / 100)}.${String(rest).padStart(2, '0')}`
}

/** A hundred percent in equal parts; what does not divide goes to the first ones, a hundredth each. */
export function equally(count: number): string[] {
  const part = Math.floor(10_000 / count)
  return Array.from({ length: count }, (_, index) => percentOf(part + (index < 10_000 - part * count ? 1 : 0)))
}
