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
export type Export = Got<'/api/v1/me/export'>
export type ListedAccount = Got<'/api/v1/admin/accounts'>['items'][number]
export type AccountState = ListedAccount['state']
export type Invitation = Got<'/api/v1/admin/invitations'>['items'][number]
export type Artist = Got<'/api/v1/artists/{id}'>
export type ReleaseSummary = Got<'/api/v1/releases'>['items'][number]
export type Release = Got<'/api/v1/releases/{id}'>
export type Track = Got<'/api/v1/tracks/{id}'>
export type Stage = Track['stages'][number]
export type Finding = Track['findings'][number]
export type Waveform = Got<'/api/v1/tracks/{id}/waveform'>
export type Play = Created<'/api/v1/plays'>
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

/** The kinds that a release can be made of; one that a newer server knows is shown all the same. */
export const releaseKinds = ['album', 'ep', 'single', 'compilation', 'live'] as const satisfies readonly ReleaseKind[]
export type ReleaseKind = ReleaseSummary['kind']
