import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Playlist } from '../../api/types'
import { useProblemText } from '../../i18n/problemText'
import { Button } from '../../ui/Button'
import { showToast } from '../../ui/toasts'
import { followPlaylist } from './queries'

/** Follows a playlist of somebody else's, or no longer. */
export function FollowPlaylist({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const following = useMutation({
    mutationFn: (follows: boolean) => followPlaylist(client, playlist.id, follows),
    onError: (problem) => showToast({ title: problemText(problem) }),
  })
  return (
    <Button icon={playlist.followed ? 'check' : 'plus'} aria-pressed={playlist.followed} busy={following.isPending} onClick={() => following.mutate(!playlist.followed)}>
      {t(playlist.followed ? 'playlists.followed' : 'playlists.follow')}
    </Button>
  )
}
