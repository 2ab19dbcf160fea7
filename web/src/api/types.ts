import type { paths } from './schema'

// Named after what the paths answer, not after the schema's component names,
// so that renaming a component on the server changes nothing here.
type Json<Responses, Status extends number> = Responses extends Record<Status, { content: { 'application/json': infer Body } }> ? Body : never
type Got<Path extends keyof paths> = paths[Path] extends { get: { responses: infer Responses } } ? Json<Responses, 200> : never
type Created<Path extends keyof paths> = paths[Path] extends { post: { responses: infer Responses } } ? Json<Responses, 201> : never

export type Me = Got<'/api/v1/me'>
export type Role = Me['role']
export type Passkey = Got<'/api/v1/me/passkeys'>['items'][number]
export type OwnIdentity = Got<'/api/v1/me/identities'>['items'][number]
export type SignedInDevice = Got<'/api/v1/me/sessions'>['items'][number]
export type ApiToken = Got<'/api/v1/me/tokens'>['items'][number]
export type Scope = ApiToken['scopes'][number]
export type AppPassword = Got<'/api/v1/me/app-passwords'>['items'][number]
export type PlaybackPreferences = Got<'/api/v1/me/playback-preferences'>
export type ListedScrobbler = Got<'/api/v1/me/scrobblers'>['items'][number]
export type Export = Got<'/api/v1/me/export'>
export type ListedAccount = Got<'/api/v1/admin/accounts'>['items'][number]
export type AccountState = ListedAccount['state']
export type Invitation = Got<'/api/v1/admin/invitations'>['items'][number]
export type Artist = Got<'/api/v1/artists/{id}'>
export type ArtistPackage = Got<'/api/v1/artists/{id}/export'>
export type Import = Got<'/api/v1/artists/{id}/imports'>['items'][number]
export type ImportReport = Got<'/api/v1/artists/{id}/imports/{import}'>
export type ImportLine = ImportReport['lines'][number]
export type ArtistMember = Got<'/api/v1/artists/{id}/members'>['items'][number]
export type MemberRole = ArtistMember['role']
export type SentInvitation = Got<'/api/v1/artists/{id}/invitations'>['items'][number]
export type ReceivedInvitation = Got<'/api/v1/me/invitations'>['items'][number]
export type LabelOffer = Got<'/api/v1/artists/{id}/label-offers'>['items'][number]
export type ReleaseSummary = Got<'/api/v1/releases'>['items'][number]
export type Artwork = NonNullable<ReleaseSummary['artwork']>
export type Release = Got<'/api/v1/releases/{id}'>
export type Visibility = Release['visibility']
export const visibilities = ['public', 'unlisted', 'followers', 'private'] as const satisfies readonly Visibility[]
export type ChecklistItem = Got<'/api/v1/releases/{id}/checklist'>['items'][number]
export type LinkedRelease = Got<'/api/v1/links/{token}'>
export type OwnShare = Got<'/api/v1/me/splits'>['items'][number]
export type Track = Got<'/api/v1/tracks/{id}'>
type Changes<Path extends keyof paths> = paths[Path] extends { patch: { requestBody: { content: { 'application/json': infer Body } } } } ? Body : never
export type ArtistChanges = Changes<'/api/v1/artists/{id}'>
export type ReleaseChanges = Changes<'/api/v1/releases/{id}'>
export type TrackChanges = Changes<'/api/v1/tracks/{id}'>
export type Credit = NonNullable<Release['credits']>[number]
export type CreditRole = Credit['role']
export type Licence = NonNullable<Release['licence']>
export type TerritoryRule = NonNullable<Release['territories']>['rule']
export type HistoryEntry = Got<'/api/v1/releases/{id}/history'>['items'][number]
export type SharedLink = Got<'/api/v1/releases/{id}/links'>['items'][number]
export type MadeLink = Created<'/api/v1/releases/{id}/links'>
export type Splits = Got<'/api/v1/tracks/{id}/splits'>
export type ArrivedUpload = Got<'/api/v1/uploads/{id}'>
export type SameRecording = Got<'/api/v1/tracks/{id}/same-recordings'>['items'][number]
export type Quota = Got<'/api/v1/artists/{id}/quota'>
export type TableReport = Json<paths['/api/v1/releases/{id}/metadata']['put']['responses'], 200>
export type Playlist = Got<'/api/v1/playlists/{id}'>
export type PlaylistEntry = Got<'/api/v1/playlists/{id}/entries'>['items'][number]
export type PlaylistImport = Created<'/api/v1/playlists/import'>
export type Stage = Track['stages'][number]
export type Finding = Track['findings'][number]
export type Statement = Got<'/api/v1/artists/{id}/statements/{statement}'>
export type Earning = Got<'/api/v1/artists/{id}/earnings'>['items'][number]
export type SoldItem = Got<'/api/v1/artists/{id}/sold-items'>['items'][number]
export type Money = Pick<Earning['amounts'][number], 'currency' | 'amount'>
export type Waveform = Got<'/api/v1/tracks/{id}/waveform'>
export type Play = Created<'/api/v1/plays'>
export type LikedTrack = Got<'/api/v1/me/library/tracks'>['items'][number]
export type SavedRelease = Got<'/api/v1/me/library/releases'>['items'][number]
export type HeardTrack = Got<'/api/v1/me/history'>['items'][number]
export type TrackOpinions = Got<'/api/v1/me/library/tracks/contains'>
export type TrackOpinion = TrackOpinions['items'][number]
export type BookmarkPage = Got<'/api/v1/me/bookmarks'>
export type Bookmark = BookmarkPage['items'][number]
export type KeptQueue = Got<'/api/v1/me/queue'>
export type NewQueue = paths['/api/v1/me/queue']['put']['requestBody']['content']['application/json']
export type Person = Got<'/api/v1/accounts/{handle}'>
export type NowPlaying = Got<'/api/v1/me/now-playing'>['items'][number]
export type Room = Got<'/api/v1/rooms/{id}'>
export type RoomMember = Room['members'][number]
export type RoomPlayback = Room['playback']
export type PlaylistRules = NonNullable<Playlist['rules']>
export type PlaylistRule = PlaylistRules['all_of'][number][number]
export type SearchResults = Got<'/api/v1/search'>
export type SearchHit = SearchResults['items'][number]
export type Notifications = Got<'/api/v1/notifications'>
export type Notification = Notifications['items'][number]

/** One step of a track's way to playable, as the live channel tells it. */
export interface TrackProgress {
  track_id: string
  state: Track['state']
  /** Also of a track that can be heard already. */
  under_way: boolean
  stage: string | null
  percent: number
  attempt: number
  /** Why the step failed; while it is tried again, what stopped its last attempt. */
  problem?: Track['problem']
  /** Until the whole chain is done; null while nobody can know. */
  remaining_ms: number | null
}

/** What somebody can be for an artist, the least first. */
export const memberRoles = ['viewer', 'editor', 'owner'] as const satisfies readonly MemberRole[]

/** The kinds that a release can be made of; one that a newer server knows is shown all the same. */
export const releaseKinds = ['album', 'ep', 'single', 'compilation', 'live'] as const satisfies readonly ReleaseKind[]
export type ReleaseKind = ReleaseSummary['kind']

/** What somebody can have done for a release or a track, in the order in which it is offered. */
export const creditRoles = [
  'composer', 'lyricist', 'arranger', 'translator', 'publisher', 'performer', 'vocals', 'instrument', 'conductor', 'ensemble', 'producer',
  'executive_producer', 'programming', 'recording_engineer', 'mixing_engineer', 'mastering_engineer', 'remixer', 'artwork', 'design',
  'photography', 'liner_notes', 'other',
] as const satisfies readonly CreditRole[]

/** The licences that a release can be given out under, by their SPDX names. */
export const licences = [
  'all-rights-reserved', 'CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'CC-BY-NC-SA-4.0', 'CC-BY-ND-4.0', 'CC-BY-NC-ND-4.0',
] as const satisfies readonly Licence[]
