import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query'
import { answer, api } from '../../api/client'
import type { PlaylistEntry } from '../../api/types'

const firstPage = undefined as string | undefined

/** One's own playlists and those that others share. */
export const myPlaylists = infiniteQueryOptions({
  queryKey: ['playlists', 'mine'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/playlists', { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

/** Those of others that one follows. */
export const followedPlaylists = infiniteQueryOptions({
  queryKey: ['playlists', 'followed'],
  queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/me/library/playlists', { params: { query: { limit: 50, cursor: pageParam } }, signal })),
  initialPageParam: firstPage,
  getNextPageParam: (page) => page.next_cursor ?? undefined,
})

export const playlistQuery = (id: string) =>
  queryOptions({
    queryKey: ['playlist', id],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/playlists/{id}', { params: { path: { id } }, signal })),
  })

export const playlistEntries = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['playlist', id, 'entries'],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/playlists/{id}/entries', { params: { path: { id }, query: { limit: 100, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const playlistPeople = (id: string) =>
  queryOptions({
    queryKey: ['playlist', id, 'people'],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/playlists/{id}/collaborators', { params: { path: { id } }, signal })),
  })

/** Everything in it, for playing: page after page. */
export async function wholePlaylist(id: string): Promise<PlaylistEntry[]> {
  return rest(id, undefined)
}

async function rest(id: string, cursor: string | undefined): Promise<PlaylistEntry[]> {
  const page = await answer(api.GET('/api/v1/playlists/{id}/entries', { params: { path: { id }, query: { limit: 200, cursor } } }))
  return page.next_cursor == null ? page.items : [...page.items, ...(await rest(id, page.next_cursor))]
}

export async function moveEntry(client: QueryClient, playlist: string, entry: string, after: string | null): Promise<void> {
  await answer(api.PATCH('/api/v1/playlists/{id}/entries/{entry}', { params: { path: { id: playlist, entry } }, body: { after } }))
  await changed(client, playlist)
}

export async function removeEntry(client: QueryClient, playlist: string, entry: string): Promise<void> {
  await answer(api.DELETE('/api/v1/playlists/{id}/entries/{entry}', { params: { path: { id: playlist, entry } } }))
  await changed(client, playlist)
}

export async function addTracks(client: QueryClient, playlist: string, tracks: string[]): Promise<void> {
  await answer(api.POST('/api/v1/playlists/{id}/entries', { params: { path: { id: playlist } }, body: { track_ids: tracks } }))
  await changed(client, playlist)
}

/** Takes the latest change back, whoever made it. */
export async function undo(client: QueryClient, playlist: string): Promise<void> {
  const history = await answer(api.GET('/api/v1/playlists/{id}/history', { params: { path: { id: playlist }, query: { limit: 1 } } }))
  const latest = history.items[0]
  if (!latest) return
  await answer(api.POST('/api/v1/playlists/{id}/history/{change}/restoration', { params: { path: { id: playlist, change: latest.id } } }))
  await changed(client, playlist)
}

export async function followPlaylist(client: QueryClient, playlist: string, follows: boolean): Promise<void> {
  const at = { params: { path: { id: playlist } } }
  await answer<unknown>(follows ? api.PUT('/api/v1/playlists/{id}/following', at) : api.DELETE('/api/v1/playlists/{id}/following', at))
  await changed(client, playlist)
}

export async function changed(client: QueryClient, playlist: string): Promise<void> {
  await Promise.all([client.invalidateQueries({ queryKey: ['playlist', playlist] }), client.invalidateQueries({ queryKey: ['playlists'] })])
}

/** The entry to go behind, so that what stands at `from` comes to stand at `to`; null for the beginning. */
export function behind(entries: readonly { id: string }[], from: number, to: number): string | null {
  const others = entries.filter((_, at) => at !== from)
  return others[to - 1]?.id ?? null
}
