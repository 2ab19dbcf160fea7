import type { Track } from '../../../api/types'

type Lines = NonNullable<NonNullable<Track['lyrics']>['lines']>

/** Words in time with the music as an LRC text, to the millisecond, as the server reads it back. */
export function lrcOf(lines: Lines): string {
  return lines.map(({ at_ms: at, text }) => `[${stamp(at)}]${text}`).join('\n')
}

const two = (value: number) => String(value).padStart(2, '0')

/** `mm:ss.xxx`, without the last figure where it says nothing. */
function stamp(ms: number): string {
  const fraction = String(ms % 1000).padStart(3, '0')
  return `${two(Math.floor(ms / 60_000))}:${two(Math.floor(ms / 1000) % 60)}.${fraction.endsWith('0') ? fraction.slice(0, 2) : fraction}`
}

/** The number of the line that the server's sentence is about, from 1; null where it is about none. */
export function lineOf(sentence: string | null | undefined): number | null {
  const number = /^Line (\d+)/.exec(sentence ?? '')?.[1]
  return number === undefined ? null : Number(number)
}

/** Where a line of a text begins and ends. */
export function spanOf(text: string, line: number): [start: number, end: number] {
  const lines = text.split('\n')
  const start = lines.slice(0, line - 1).reduce((sum, before) => sum + before.length + 1, 0)
  return [Math.min(start, text.length), Math.min(start + (lines[line - 1] ?? '').length, text.length)]
}
