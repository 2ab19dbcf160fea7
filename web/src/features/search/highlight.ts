import type { SearchHit } from '../../api/types'

export interface Piece {
  text: string
  marked: boolean
}

/** Cuts a text at its highlights. The ranges count Unicode code points, not UTF-16 units; overlaps are merged. */
export function cut(text: string, highlights: SearchHit['highlights'], field: string): Piece[] {
  const points = [...text]
  const marked = points.map(() => false)
  for (const range of highlights) {
    if (range.field !== field) continue
    for (let index = Math.max(0, range.start); index < Math.min(points.length, range.end); index += 1) marked[index] = true
  }
  const pieces: Piece[] = []
  points.forEach((point, index) => {
    const last = pieces.at(-1)
    if (last && last.marked === marked[index]) last.text += point
    else pieces.push({ text: point, marked: marked[index] === true })
  })
  return pieces
}
