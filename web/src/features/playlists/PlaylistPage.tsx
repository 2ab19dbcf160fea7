import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import type { Playlist } from '../../api/types'
import { useProblemText } from '../../i18n/problemText'
import { NotFound } from '../../NotFound'
import { Button } from '../../ui/Button'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { showToast } from '../../ui/toasts'
import { useMe } from '../accounts/session'
import { playTracks, warmUp } from '../streaming/player'
import { EntryList } from './EntryList'
import { FollowPlaylist } from './FollowPlaylist'
import { PlaylistCover } from './PlaylistCover'
import { PlaylistSettings } from './PlaylistSettings'
import { RulesEditor } from './RulesEditor'
import { playlistEntries, playlistQuery, undo, wholePlaylist } from './queries'

export default function PlaylistPage() {
  const { id = '' } = useParams()
  const playlist = useQuery(playlistQuery(id))
  if (playlist.isPending) return <Loading><Block className="h-40 w-full rounded-2xl" /></Loading>
  if (playlist.error instanceof ApiProblem && playlist.error.status === 404) return <NotFound />
  if (playlist.isError) return <ProblemNotice problem={playlist.error} onRetry={() => void playlist.refetch()} />
  return <View playlist={playlist.data} />
}

function View({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation()
  const entries = useInfiniteQuery(playlistEntries(playlist.id))
  const items = entries.data?.pages.flatMap((page) => page.items) ?? []
  const smart = playlist.rules != null
  const edits = playlist.role === 'owner' || playlist.role === 'editor'
  return (
    <div className="mx-auto max-w-3xl">
      <title>{`${playlist.title} · Legato`}</title>
      <Head playlist={playlist} edits={edits} />
      {playlist.rules && playlist.role === 'owner' && <RulesEditor key={playlist.updated_at} playlist={playlist.id} rules={playlist.rules} />}
      {entries.isPending && <Loading><Block className="h-40 w-full" /></Loading>}
      {entries.isError && !entries.data && <ProblemNotice problem={entries.error} onRetry={() => void entries.refetch()} />}
      {entries.data && items.length === 0 && <EmptyState title={t(smart ? 'playlists.nothingFits' : 'playlists.nothingIn')}><p>{edits && !smart && t('playlists.nothingInLead')}</p></EmptyState>}
      <EntryList playlist={playlist.id} entries={items} edits={edits && !smart} />
      {entries.hasNextPage && <Button className="mt-6" busy={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>{t('common.more')}</Button>}
    </div>
  )
}

function Head({ playlist, edits }: { playlist: Playlist; edits: boolean }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const me = useMe()
  const [settings, setSettings] = useState(false)
  const complain = (problem: unknown) => showToast({ title: problemText(problem) })
  const playing = useMutation({
    mutationFn: () => wholePlaylist(playlist.id),
    onSuccess: (all) => playTracks(all.flatMap((entry) => (entry.track ? [entry.track] : []))),
    onError: complain,
  })
  const undoing = useMutation({ mutationFn: () => undo(client, playlist.id), onError: complain })
  const facts = [playlist.entry_count == null ? t('playlists.smart') : t('release.tracks', { count: playlist.entry_count }), t(`playlists.visibilities.${playlist.visibility}`), ...(playlist.follower_count > 0 ? [t('playlists.followers', { count: playlist.follower_count })] : [])]
  return (
    <header className="mb-8 flex flex-wrap items-start gap-6">
      <PlaylistCover playlist={playlist} large className="size-40 shrink-0" />
      <div className="min-w-0 flex-1 basis-64">
        <p className="text-sm font-semibold text-accent">{facts.join(' · ')}</p>
        <h1 className="mt-1 text-4xl leading-tight break-words">{playlist.title}</h1>
        <p className="mt-1 text-soft"><Link to={`/people/${playlist.owner.handle}`} className="hover:text-ink hover:underline">{t('playlists.by', { name: playlist.owner.display_name })}</Link></p>
        {playlist.description && <p className="mt-3 break-words whitespace-pre-line">{playlist.description}</p>}
        <div className="mt-5 flex flex-wrap items-center gap-3">
          <Button look="primary" icon="play" busy={playing.isPending} disabled={playlist.entry_count === 0} onPointerEnter={warmUp} onClick={() => playing.mutate()}>{t('playlists.playAll')}</Button>
          {me.data && playlist.role !== 'owner' && <FollowPlaylist playlist={playlist} />}
          {edits && <Button icon="retry" busy={undoing.isPending} onClick={() => undoing.mutate()}>{t('playlists.undo')}</Button>}
          <Button icon={playlist.role === 'owner' ? 'pencil' : 'download'} onClick={() => setSettings(true)}>{t(playlist.role === 'owner' ? 'playlists.settings' : 'playlists.export')}</Button>
          {playlist.role && <Link to="/playlists" className="text-sm font-semibold text-soft hover:text-ink">{t('playlists.title')}</Link>}
        </div>
        {settings && <PlaylistSettings playlist={playlist} onClose={() => setSettings(false)} />}
      </div>
    </header>
  )
}
