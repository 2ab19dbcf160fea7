import type { Playlist } from '../../api/types'
import { Cover } from '../../ui/Cover'

interface PlaylistCoverProps {
  playlist: Playlist
  /** Where it is shown in more than 160 pixels. */
  large?: boolean
  className?: string
}

/** What stands for a playlist: its owner's picture, or a drawn one. Decoration, since its title always stands beside it. */
export function PlaylistCover({ playlist, large = false, className = '' }: PlaylistCoverProps) {
  if (playlist.cover_url == null) return <Cover title={playlist.title} artist={playlist.owner.display_name} className={className} />
  return (
    <img
      src={`${playlist.cover_url}?size=${large ? 640 : 160}`}
      alt=""
      draggable={false}
      decoding="async"
      loading="lazy"
      className={`aspect-square rounded-lg bg-line object-cover ${className}`}
    />
  )
}
