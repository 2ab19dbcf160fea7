import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Playlist } from '../../api/types'
import { PlaylistCover } from './PlaylistCover'

/** A playlist in a list. */
export function PlaylistLine({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation()
  const facts = [
    playlist.entry_count == null ? t('playlists.smart') : t('release.tracks', { count: playlist.entry_count }),
    t(`playlists.visibilities.${playlist.visibility}`),
    playlist.role !== 'owner' && t('playlists.by', { name: playlist.owner.display_name }),
  ]
  return (
    <li className="border-b border-line last:border-b-0">
      <Link to={`/playlists/${playlist.id}`} className="flex items-center gap-4 rounded-lg px-3 py-3 hover:bg-tint">
        <PlaylistCover playlist={playlist} className="size-12 shrink-0" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-semibold">{playlist.title}</span>
          <span className="block truncate text-sm text-soft">{facts.filter(Boolean).join(' · ')}</span>
        </span>
      </Link>
    </li>
  )
}
