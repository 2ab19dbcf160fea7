/** What MusicBrainz has pages of. */
export type Kind = 'artist' | 'release' | 'release-group' | 'recording' | 'work'

/** The page that an identifier names. */
export function addressAt(kind: Kind, id: string): string {
  return `https://musicbrainz.org/${kind}/${id}`
}
