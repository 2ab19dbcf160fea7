import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Cover } from '../../../ui/Cover'
import { Icon } from '../../../ui/Icon'
import { currentTrack, toggle, usePlayer, warmUp } from '../player'
import type { QueuedTrack } from '../queue'

interface KeptTrackProps {
  /** Null where it may be heard no longer. */
  track: QueuedTrack | null
  /** What stands behind the artist's name. */
  note?: string | undefined
  /** What stands below both. */
  below?: string | null | undefined
  onPlay: () => void
  /** What can be done with the line, at its end. */
  children: ReactNode
}

const line = 'flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2 last:border-b-0'
const text = 'min-w-0 basis-full text-sm break-words whitespace-pre-line text-soft'

/** A line of the library: a track that is played by pressing its cover. */
export function KeptTrack({ track, note, below, onPlay, children }: KeptTrackProps) {
  const { t } = useTranslation()
  const current = usePlayer((state) => track !== null && currentTrack(state)?.id === track.id)
  const playing = usePlayer((state) => current && (state.status === 'playing' || state.status === 'loading'))
  if (track === null) {
    return (
      <li className={`min-h-16 pl-16 ${line}`}>
        <p className="min-w-0 flex-1 basis-36 text-soft">{t('library.gone')}{note && ` · ${note}`}</p>
        <Actions>{children}</Actions>
        {below && <p className={text}>{below}</p>}
      </li>
    )
  }
  return (
    <li className={line}>
      <button
        type="button"
        aria-label={t(playing ? 'library.pauseTrack' : 'library.playTrack', { title: track.title })}
        onPointerEnter={warmUp}
        onFocus={warmUp}
        onClick={current ? toggle : onPlay}
        className="group relative shrink-0 rounded-lg"
      >
        <Cover title={track.release.title} artist={track.artist.name} artwork={track.artwork} sizes="3rem" className="size-12 rounded-lg" />
        <span className={`absolute inset-0 m-auto grid size-8 place-items-center rounded-full bg-accent text-on-accent transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100 ${current ? '' : 'opacity-0'}`}>
          <Icon name={playing ? 'pause' : 'play'} className="size-4" />
        </span>
      </button>
      <div className="min-w-0 flex-1 basis-36">
        <Link to={`/releases/${track.release.id}?track=${track.id}`} className={`block truncate hover:underline ${current ? 'font-semibold text-accent' : ''}`}>{track.title}</Link>
        <p className="truncate text-sm text-soft">
          <Link to={`/artists/${track.artist.slug}`} className="hover:text-ink hover:underline">{track.artist.name}</Link>
          {note && ` · ${note}`}
        </p>
      </div>
      <Actions>{children}</Actions>
      {below && <p className={`pl-16 ${text}`}>{below}</p>}
    </li>
  )
}

/** On a narrow screen they stand below the names. */
function Actions({ children }: { children: ReactNode }) {
  return <div className="ml-auto flex flex-wrap items-center justify-end gap-x-2 gap-y-1">{children}</div>
}
