import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Release, Track } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { Icon } from '../../ui/Icon'
import { clock } from '../../ui/time'
import { AddButton } from '../playlists/AddButton'
import { LikeButton } from '../streaming/library/LikeButton'
import { useOpinions } from '../streaming/library/opinions'
import { TrackMarks } from '../streaming/library/TrackMarks'
import { Playing } from '../streaming/Playing'
import { currentTrack, playTracks, toggle, usePlayer, warmUp } from '../streaming/player'

/** The tracks of a release in order; pressing a row plays from there to the end. */
export function TrackList({ release, marked }: { release: Release; marked: string | null }) {
  const opinionOf = useOpinions(release.tracks.map((track) => track.id))
  return (
    <ol className="rise -mx-3 sm:mx-0">
      {release.tracks.map((track, index) => (
        <TrackRow key={track.id} track={track} number={index + 1} liked={opinionOf(track.id)?.liked ?? false} marked={track.id === marked} onPlay={() => playTracks(release.tracks, track.id)}>
          <TrackMarks track={track} tracks={release.tracks} stars={opinionOf(track.id)?.stars ?? null} />
        </TrackRow>
      ))}
    </ol>
  )
}

interface TrackRowProps {
  track: Track
  number: number
  liked: boolean
  marked: boolean
  onPlay: () => void
  /** What stands below the one that its page is about. */
  children: ReactNode
}

function TrackRow({ track, number, liked, marked, onPlay, children }: TrackRowProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const current = usePlayer((state) => currentTrack(state)?.id === track.id)
  const playing = usePlayer((state) => current && (state.status === 'playing' || state.status === 'loading'))
  const ready = track.state === 'ready'
  // Who hears it by a link alone may not keep it.
  const keepable = ready && !('link' in track)
  return (
    <li id={`track-${track.id}`} className={`flex flex-wrap items-center gap-x-1 border-b border-line last:border-b-0 ${marked ? 'rounded-lg bg-tint' : ''}`}>
      <button
        type="button"
        disabled={!ready}
        aria-current={current ? 'true' : undefined}
        onPointerEnter={warmUp}
        onClick={current ? toggle : onPlay}
        className="group grid h-14 min-w-0 flex-1 grid-cols-[2.5rem_1fr_auto] items-center gap-2 rounded-lg px-3 text-left transition-colors enabled:hover:bg-tint"
      >
        <span className="sr-only">{t(playing ? 'player.pause' : 'player.play')}</span>
        <span aria-hidden="true" className="figures grid place-items-start text-soft">
          {current ? <Playing moving={playing} /> : <Number number={number} ready={ready} />}
        </span>
        <span className={`truncate ${current ? 'font-semibold text-accent' : ''} ${ready ? '' : 'text-soft'}`}>{track.title}</span>
        <span className="figures text-sm text-soft">{track.duration_ms == null ? label('trackStates', track.state) : clock(track.duration_ms)}</span>
      </button>
      {keepable && <LikeButton track={track} liked={liked} />}
      {keepable && <AddButton track={track} />}
      {keepable && marked && children}
    </li>
  )
}

/** The number of a row; under the pointer it turns into what pressing does. */
function Number({ number, ready }: { number: number; ready: boolean }) {
  if (!ready) return <span>{number}</span>
  return (
    <>
      <span className="group-hover:hidden">{number}</span>
      <Icon name="play" className="hidden size-4 text-ink group-hover:block" />
    </>
  )
}
