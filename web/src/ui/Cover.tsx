import { useMemo } from 'react'
import { coverUrl } from './cover'

/** The drawn cover of a release; decoration, since its title always stands beside it. */
export function Cover({ title, artist, className = '' }: { title: string; artist: string; className?: string }) {
  const src = useMemo(() => coverUrl(title, artist), [title, artist])
  const corners = className.includes('rounded') ? '' : 'rounded-lg'
  return <img src={src} alt="" draggable={false} decoding="async" className={`aspect-square bg-line object-cover ${corners} ${className}`} />
}
