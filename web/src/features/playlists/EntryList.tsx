import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { PlaylistEntry } from '../../api/types'
import { IconButton } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { ProblemNotice } from '../../ui/Notice'
import { clock } from '../../ui/time'
import { playTracks, warmUp } from '../streaming/player'
import { behind, moveEntry, removeEntry } from './queries'

interface EntryListProps {
  playlist: string
  entries: PlaylistEntry[]
  edits: boolean
}

/** What is in a playlist: to play, and for editors to move (by pointer, by buttons, by Alt and an arrow) and to take out. */
export function EntryList({ playlist, entries, edits }: EntryListProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [dragged, setDragged] = useState<number | null>(null)
  const [told, setTold] = useState('')
  const moving = useMutation({
    mutationFn: ({ from, to }: { from: number; to: number }) => moveEntry(client, playlist, entries[from]?.id ?? '', behind(entries, from, to)),
    onSuccess: (_, { from, to }) => {
      setTold(t('playlists.moved', { title: entries[from]?.track?.title ?? t('playlists.gone'), place: to + 1 }))
      // What is moved in the page loses the focus.
      document.getElementById(`entry-${entries[from]?.id}`)?.focus()
    },
  })
  const removing = useMutation({ mutationFn: (entry: string) => removeEntry(client, playlist, entry) })
  const move = (from: number, to: number) => {
    if (to >= 0 && to < entries.length && to !== from && !moving.isPending) moving.mutate({ from, to })
  }
  const play = (entry: PlaylistEntry) => playTracks(entries.flatMap(({ track }) => (track ? [track] : [])), entry.track?.id ?? null)
  return (
    <>
      {moving.isError && <ProblemNotice problem={moving.error} className="mb-3" />}
      {removing.isError && <ProblemNotice problem={removing.error} className="mb-3" />}
      <p role="status" className="sr-only">{told}</p>
      <ol className="rise -mx-3 sm:mx-0">
        {entries.map((entry, at) => (
          // Dragging is for pointers; the buttons and Alt with an arrow do the same.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
          <li
            key={entry.id}
            draggable={edits}
            onDragStart={() => setDragged(at)}
            onDragEnd={() => setDragged(null)}
            onDragOver={(event) => dragged !== null && event.preventDefault()}
            onDrop={() => dragged !== null && move(dragged, at)}
            className={`flex items-center gap-1 border-b border-line last:border-b-0 ${dragged === at ? 'opacity-50' : ''}`}
          >
            <Row entry={entry} onPlay={() => play(entry)} onMove={edits ? (by) => move(at, at + by) : undefined} />
            {edits && (
              <>
                <IconButton label={t('playlists.up', { title: titleOf(entry, t('playlists.gone')) })} icon="up" disabled={at === 0} onClick={() => move(at, at - 1)} />
                <IconButton label={t('playlists.down', { title: titleOf(entry, t('playlists.gone')) })} icon="down" disabled={at === entries.length - 1} onClick={() => move(at, at + 1)} />
                <IconButton label={t('playlists.remove', { title: titleOf(entry, t('playlists.gone')) })} icon="cross" disabled={removing.isPending} onClick={() => removing.mutate(entry.id)} />
              </>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

function titleOf(entry: PlaylistEntry, gone: string): string {
  return entry.track?.title ?? gone
}

interface RowProps {
  entry: PlaylistEntry
  onPlay: () => void
  onMove: ((by: number) => void) | undefined
}

function Row({ entry, onPlay, onMove }: RowProps) {
  const { t } = useTranslation()
  const { track } = entry
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!event.altKey || by === undefined || !onMove) return
    event.preventDefault()
    onMove(by)
  }
  if (!track) return <p id={`entry-${entry.id}`} tabIndex={-1} className="flex h-14 min-w-0 flex-1 items-center px-3 text-soft italic">{t('playlists.gone')}</p>
  return (
    <>
      <button type="button" id={`entry-${entry.id}`} aria-keyshortcuts={onMove && 'Alt+ArrowUp Alt+ArrowDown'} onPointerEnter={warmUp} onClick={onPlay} onKeyDown={onKeyDown} className="flex h-14 min-w-0 flex-1 items-center gap-3 rounded-lg px-3 text-left hover:bg-tint">
        <span className="sr-only">{t('player.play')}</span>
        <Cover title={track.release.title} artist={track.artist.name} artwork={track.artwork} className="size-10 shrink-0 max-sm:hidden" />
        <span className="min-w-0 flex-1">
          <span className="block truncate">{track.title}</span>
          <span className="block truncate text-sm text-soft">{track.artist.name}</span>
        </span>
        <span className="figures text-sm text-soft max-sm:hidden">{clock(track.duration_ms)}</span>
      </button>
      <Link to={`/releases/${track.release.id}?track=${track.id}`} className="hidden max-w-40 truncate px-2 text-sm text-soft hover:text-ink hover:underline lg:block">{track.release.title}</Link>
    </>
  )
}
