export const scale = [1, 2, 3, 4, 5] as const

/** What pressing a star means: the one that stands takes the rating out. */
export function afterPress(stars: number | null, star: number): number | null {
  return star === stars ? null : star
}

/** What a key means at a star: the stars to give, null for none at all; undefined for a key that means nothing here. */
export function afterKey(key: string, star: number): number | null | undefined {
  switch (key) {
    case 'ArrowRight': case 'ArrowUp': return Math.min(star + 1, scale.length)
    case 'ArrowLeft': case 'ArrowDown': return Math.max(star - 1, 1)
    case 'Home': return 1
    case 'End': return scale.length
    case 'Delete': case 'Backspace': return null
    default: return undefined
  }
}

/** A rating that was asked for, and the one that stands where it is refused. */
export interface Wish {
  stars: number | null
  before: number | null
}

/** The next wish: while another one waits for the server, what stood before that one is what stands. */
export function wishFor(stars: number | null, shown: number | null, waiting: Wish | undefined): Wish {
  return { stars, before: waiting ? waiting.before : shown }
}
