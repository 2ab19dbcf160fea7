import type { Artist, ArtistChanges } from '../../api/types'

/** A profile as its form holds it: named as the server names it, lists of words as lines of text. */
export interface ProfileForm {
  name: string
  slug: string
  biography: string
  places: string
  genres: string
  artist_mbid: string
  links: { label: string; url: string }[]
  pinned_release_id: string
  feed: boolean
}

export function formOf(artist: Artist): ProfileForm {
  return {
    name: artist.name,
    slug: artist.slug,
    biography: artist.biography.markdown,
    places: artist.places.join(', '),
    genres: artist.genres.join(', '),
    artist_mbid: artist.artist_mbid ?? '',
    links: artist.links.map(({ label, url }) => ({ label, url })),
    pinned_release_id: artist.pinned_release?.id ?? '',
    feed: artist.feed,
  }
}

/** What the form says, as the server takes it. */
export function bodyOf(form: ProfileForm) {
  return {
    name: form.name.trim(),
    slug: form.slug.trim(),
    biography: form.biography,
    places: words(form.places),
    genres: words(form.genres),
    links: form.links.map(({ label, url }) => ({ label: label.trim(), url: url.trim() })),
    pinned_release_id: form.pinned_release_id === '' ? null : form.pinned_release_id,
    artist_mbid: form.artist_mbid.trim() === '' ? null : form.artist_mbid.trim(),
    feed: form.feed,
  } satisfies ArtistChanges
}

/** The words between commas. */
export function words(line: string): string[] {
  return line.split(',').map((word) => word.trim()).filter((word) => word !== '')
}
