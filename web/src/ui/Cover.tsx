import { useMemo, useState } from 'react'
import type { Artwork } from '../api/types'
import { artworkGround, artworkSizes, artworkUrl } from './artwork'
import { coverUrl } from './cover'

interface CoverProps {
  title: string
  artist: string
  /** What the artist brought; without it the cover is drawn. */
  artwork?: Artwork | null | undefined
  /** How wide it is shown, as an image element's `sizes` has it. */
  sizes?: string
  className?: string
}

/** The cover of a release or the face of an artist; decoration, since its title always stands beside it. */
export function Cover({ title, artist, artwork, sizes = '6rem', className = '' }: CoverProps) {
  // A picture that was withdrawn meanwhile.
  const [gone, setGone] = useState<string | null>(null)
  const corners = className.includes('rounded') ? '' : 'rounded-lg'
  const look = `aspect-square bg-line bg-cover object-cover ${corners} ${className}`
  if (!artwork || gone === artwork.key) return <Drawn title={title} artist={artist} look={look} />
  return (
    <img
      key={artwork.key}
      src={artworkUrl(artwork, 256)}
      srcSet={artworkSizes(artwork)}
      sizes={sizes}
      width={artwork.width}
      height={artwork.height}
      alt=""
      draggable={false}
      decoding="async"
      loading="lazy"
      onError={() => setGone(artwork.key)}
      className={look}
      style={{ backgroundImage: artworkGround(artwork) }}
    />
  )
}

function Drawn({ title, artist, look }: { title: string; artist: string; look: string }) {
  const src = useMemo(() => coverUrl(title, artist), [title, artist])
  return <img src={src} alt="" draggable={false} decoding="async" className={look} />
}
