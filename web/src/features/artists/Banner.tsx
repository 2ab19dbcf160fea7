import type { Artwork } from '../../api/types'
import { artworkGround, artworkSizes, artworkUrl } from '../../ui/artwork'

/** The wide picture at the head of an artist's page; decoration. */
export function Banner({ artwork, sizes, className = '' }: { artwork: Artwork; sizes: string; className?: string }) {
  return (
    <img
      key={artwork.key}
      src={artworkUrl(artwork, 1024)}
      srcSet={artworkSizes(artwork, 2048)}
      sizes={sizes}
      width={artwork.width}
      height={artwork.height}
      alt=""
      draggable={false}
      decoding="async"
      className={`aspect-[3/1] w-full bg-line object-cover ${className}`}
      style={{ backgroundImage: artworkGround(artwork) }}
    />
  )
}
