import type { Track, TrackChanges } from '../../../api/types'
import { words } from '../profile'
import { creditLines, creditsOf, type CreditLine } from './CreditRows'
import { lrcOf } from './lrc'
import { told } from './releaseForm'

/** How the words of a track are written down. */
export type LyricsForm = 'plain' | 'timed'

/** What is said of a track, as its form holds it. */
export interface TrackForm {
  title: string
  version: string
  /** A name on each line: names may hold commas. */
  featured_artists: string
  composer: string
  isrc: string
  iswc: string
  recording_mbid: string
  work_mbid: string
  credits: CreditLine[]
  languages: string
  explicit: boolean
  disc: string
  position: string
  preview_start_ms: string
  lyrics: { form: LyricsForm; plain: string; timed: string }
}

/** What a form would send; the words go out in one of two fields, and are compared as one. */
export interface TrackBody {
  title: string
  version: string | null
  featured_artists: string[]
  composer: string
  isrc: string
  iswc: string | null
  recording_mbid: string | null
  work_mbid: string | null
  credits: NonNullable<TrackChanges['credits']>
  languages: string[]
  explicit: boolean
  disc: number | null
  position: number
  /** What was typed, where that is no time: it is a change, and cannot be sent. */
  preview_start_ms: number | string | null
  lyrics: { form: LyricsForm; text: string }
}

export function formOf(track: Track): TrackForm {
  const lines = track.lyrics?.lines ?? []
  return {
    title: track.title,
    version: track.version ?? '',
    featured_artists: (track.featured_artists ?? []).join('\n'),
    composer: track.composer ?? '',
    isrc: track.isrc ?? '',
    iswc: track.iswc ?? '',
    recording_mbid: track.recording_mbid ?? '',
    work_mbid: track.work_mbid ?? '',
    credits: creditLines(track.credits),
    languages: (track.languages ?? []).join(', '),
    explicit: track.explicit ?? false,
    disc: track.disc == null ? '' : String(track.disc),
    position: String(track.position),
    preview_start_ms: track.preview_start_ms == null ? '' : timeOf(track.preview_start_ms),
    lyrics: { form: lines.length > 0 ? 'timed' : 'plain', plain: track.lyrics?.text ?? '', timed: lrcOf(lines) },
  }
}

export function bodyOf(form: TrackForm): TrackBody {
  const { form: kind, plain, timed } = form.lyrics
  const text = (kind === 'timed' ? timed : plain).trim()
  return {
    title: form.title.trim(),
    version: told(form.version),
    featured_artists: form.featured_artists.split('\n').map((name) => name.trim()).filter((name) => name !== ''),
    composer: form.composer.trim(),
    isrc: form.isrc.trim(),
    iswc: told(form.iswc),
    recording_mbid: told(form.recording_mbid),
    work_mbid: told(form.work_mbid),
    credits: creditsOf(form.credits),
    languages: words(form.languages),
    explicit: form.explicit,
    disc: form.disc.trim() === '' ? null : Number(form.disc),
    position: Number(form.position),
    preview_start_ms: millisecondsOf(form.preview_start_ms) ?? told(form.preview_start_ms),
    // Without words it does not matter how they would be written down.
    lyrics: text === '' ? { form: 'plain', text } : { form: kind, text },
  }
}

/** The changes in the server's form. */
export function changesFor({ lyrics, preview_start_ms: preview, ...others }: Partial<TrackBody>): TrackChanges {
  if (typeof preview === 'string') throw new TypeError(`${preview} is no time`)
  const changes: TrackChanges = preview === undefined ? others : { ...others, preview_start_ms: preview }
  if (!lyrics) return changes
  if (lyrics.form === 'timed') return { ...changes, lyrics_lrc: lyrics.text }
  return { ...changes, lyrics: lyrics.text === '' ? null : { text: lyrics.text, lines: [] } }
}

/** `1:02.5` for a time in a track. */
export function timeOf(ms: number): string {
  const seconds = Math.floor(ms / 1000) % 60
  const fraction = String(ms % 1000).padStart(3, '0').replace(/0+$/, '')
  return `${Math.floor(ms / 60_000)}:${String(seconds).padStart(2, '0')}${fraction === '' ? '' : `.${fraction}`}`
}

/** The milliseconds of `1:02.5`, `62.5` or `1:02,5`; null where it is none of these. */
export function millisecondsOf(time: string): number | null {
  const parts = /^(?:(\d{1,3}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(time.trim())
  if (!parts || (parts[1] !== undefined && Number(parts[2]) > 59)) return null
  return Number(parts[1] ?? 0) * 60_000 + Number(parts[2]) * 1000 + Number((parts[3] ?? '').padEnd(3, '0'))
}
