import type { PlaylistRule, PlaylistRules } from '../../api/types'

export type Field = PlaylistRule['field']
export type Test = PlaylistRule['test']
type Kind = 'text' | 'word' | 'number' | 'moment' | 'flag'

/** What a rule can look at, and what is asked of each kind of it: as the server has it. */
export const kinds: Record<Field, Kind> = {
  title: 'text', artist: 'text', release: 'text', genre: 'word', tag: 'word', language: 'word', kind: 'word', key: 'word', year: 'number',
  duration_ms: 'number', tempo_bpm: 'number', loudness_lufs: 'number', plays: 'number', stars: 'number', own_plays: 'number',
  published_at: 'moment', last_played_at: 'moment', explicit: 'flag', liked: 'flag', saved: 'flag',
}
export const fields = Object.keys(kinds) as Field[]

export const tests: Record<Kind, readonly Test[]> = {
  text: ['is', 'is_not', 'contains', 'starts_with'],
  word: ['is', 'is_not'],
  number: ['is', 'is_not', 'at_least', 'at_most'],
  moment: ['within_days', 'not_within_days'],
  flag: ['is'],
}

export const orders = ['title', 'artist', 'newest', 'oldest', 'tempo', 'shortest', 'longest', 'most_played', 'least_recent', 'random'] as const satisfies readonly PlaylistRules['order'][]

/** What a new playlist begins with: what came within a month. */
export const firstRules: PlaylistRules = { all_of: [[{ field: 'published_at', test: 'within_days', value: 30 }]], order: 'newest', limit: 100 }

/** The rule with another field: what it asks and compares with still has to fit. */
export function withField(rule: PlaylistRule, field: Field): PlaylistRule {
  const kind = kinds[field]
  const asked = tests[kind]
  const test = asked.includes(rule.test) ? rule.test : (asked[0] ?? 'is')
  if (kind === kinds[rule.field]) return { ...rule, field, test }
  const value = kind === 'flag' ? true : kind === 'number' || kind === 'moment' ? 30 : ''
  return { field, test, value }
}

/** What somebody typed, as the field has it; lengths are in seconds for people. */
export function valueOf(field: Field, text: string): PlaylistRule['value'] {
  const kind = kinds[field]
  if (kind === 'flag') return text === 'true'
  if (kind === 'number' || kind === 'moment') return field === 'duration_ms' ? Math.round(Number(text) * 1000) : Number(text)
  return text
}

/** The same for an input. */
export function textOf({ field, value }: PlaylistRule): string {
  return field === 'duration_ms' && typeof value === 'number' ? String(value / 1000) : String(value)
}
