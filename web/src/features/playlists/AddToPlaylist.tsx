import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '../../ui/Button'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { showToast } from '../../ui/toasts'
import { addTracks, myPlaylists } from './queries'

interface AddToPlaylistProps {
  track: { id: string; title: string }
  onClose: () => void
}

/** Asks which playlist a track goes to. */
export default function AddToPlaylist({ track, onClose }: AddToPlaylistProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const list = useInfiniteQuery(myPlaylists)
  const adding = useMutation({
    mutationFn: (playlist: { id: string; title: string }) => addTracks(client, playlist.id, [track.id]),
    onSuccess: (_, playlist) => {
      showToast({ title: track.title, text: t('playlists.added', { title: playlist.title }), url: `/playlists/${playlist.id}` })
      onClose()
    },
  })
  const editable = list.data?.pages.flatMap((page) => page.items).filter(({ role, rules }) => rules == null && (role === 'owner' || role === 'editor')) ?? []
  return (
    <Dialog title={t('player.addToPlaylist', { title: track.title })} onClose={onClose}>
      {adding.isError && <ProblemNotice problem={adding.error} className="mb-3" />}
      {list.isPending && <Loading><Block className="h-24 w-full" /></Loading>}
      {list.isError && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      <ul className="max-h-[50vh] overflow-y-auto">
        {editable.map((playlist) => (
          <li key={playlist.id}>
            <button type="button" disabled={adding.isPending} onClick={() => adding.mutate(playlist)} className="flex min-h-11 w-full items-center gap-3 rounded-lg px-3 text-left hover:bg-tint">
              <Icon name="queue" className="size-5 text-soft" />
              <span className="min-w-0 flex-1 truncate">{playlist.title}</span>
            </button>
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button className="mt-3" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
      <p className="mt-4 text-sm"><Link to="/playlists" onClick={onClose} className="font-semibold text-accent underline underline-offset-4">{t('playlists.create')}</Link></p>
    </Dialog>
  )
}
