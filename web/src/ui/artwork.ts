import type { Artwork } from '../api/types'

/** The widths that the server makes. */
const widths = [64, 128, 256, 512, 1024, 2048]

/** A picture; that of a draft with the secret of a link, for whoever has that alone. */
export type ShownArtwork = Artwork & { link?: string }

function address({ key, link }: ShownArtwork, size: number): string {
  return `/api/v1/artwork/${key}?size=${size}${link ? `&link=${link}` : ''}`
}

/** The address of a picture, at least as wide as asked for where it is so wide itself. */
export function artworkUrl(artwork: ShownArtwork, width: number): string {
  const size = widths.find((made) => made >= width) ?? 1024
  return address(artwork, size)
}

/** All sizes of a picture, for an image element to choose from; `most` is the largest that its kind is made in. */
export function artworkSizes(artwork: ShownArtwork, most = 1024): string {
  const made = widths.filter((width) => width <= most)
  const smaller = made.filter((width) => width < artwork.width)
  const largest = made.find((width) => width >= artwork.width) ?? most
  const own = `${address(artwork, largest)} ${Math.min(artwork.width, most)}w`
  return [...smaller.map((width) => `${address(artwork, width)} ${width}w`), own].join(', ')
}

/** Its colours, in place of what is on its way. */
export function artworkGround(artwork: Artwork): string {
  const [first = 'gray', second = first] = artwork.colours
  return `linear-gradient(135deg, ${first}, ${second})`
}
