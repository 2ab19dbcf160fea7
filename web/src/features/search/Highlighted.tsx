import type { SearchHit } from '../../api/types'
import { cut } from './highlight'

/** A field of a hit with what matched set off. */
export function Highlighted({ hit, field }: { hit: SearchHit; field: 'title' | 'subtitle' }) {
  return cut(hit[field], hit.highlights, field).map((piece, index) =>
    // The pieces have no identity but their place.
    // oxlint-disable-next-line react/no-array-index-key
    piece.marked ? <mark key={index} className="bg-transparent font-bold text-accent">{piece.text}</mark> : piece.text,
  )
}
