import { expect, it } from 'vitest'
import type { Release, Track } from '../../../api/types'
import * as releases from './releaseForm'
import * as tracks from './trackForm'

const track = { title: 'Ebb', position: 2, lyrics: { text: 'Low\nHigh', lines: [{ at_ms: 1000, text: 'Low' }, { at_ms: 2500, text: 'High' }] }, preview_start_ms: 62_500 } as Track

it('writes and reads a time in a track', () => {
  expect([0, 62_500, 600_000].map(tracks.timeOf)).toEqual(['0:00', '1:02.5', '10:00'])
  expect(['0:00', '1:02.5', '1:02,25', '75', ' 3:07 '].map(tracks.millisecondsOf)).toEqual([0, 62_500, 62_250, 75_000, 187_000])
  for (const bad of ['', 'soon', '1:75', '-3', '1:2:3']) expect(tracks.millisecondsOf(bad)).toBeNull()
  const odd = tracks.bodyOf({ ...tracks.formOf(track), preview_start_ms: 'soon' })
  expect(odd.preview_start_ms).toBe('soon')
  expect(() => tracks.changesFor(odd)).toThrow(TypeError)
})

it('sends the words of a track in the field of their form', () => {
  const form = tracks.formOf(track)
  expect(form.lyrics).toEqual({ form: 'timed', plain: 'Low\nHigh', timed: '[00:01.00]Low\n[00:02.50]High' })
  expect(tracks.changesFor({ lyrics: tracks.bodyOf(form).lyrics })).toEqual({ lyrics_lrc: form.lyrics.timed })
  const plain = tracks.bodyOf({ ...form, lyrics: { ...form.lyrics, form: 'plain' } })
  expect(tracks.changesFor({ lyrics: plain.lyrics, disc: 2 })).toEqual({ disc: 2, lyrics: { text: 'Low\nHigh', lines: [] } })
  const none = tracks.bodyOf({ ...form, lyrics: { ...form.lyrics, timed: ' ' } })
  expect(tracks.changesFor({ lyrics: none.lyrics })).toEqual({ lyrics: null })
})

it('says nothing where a field is empty', () => {
  const form = releases.formOf({ title: 'Tides', kind: 'ep' } as Release)
  expect(releases.bodyOf(form)).toMatchObject({ title: 'Tides', upc: null, genres: [], territories: null, licence: 'all-rights-reserved', explicit: false })
  const filled = { ...form, genres: ' folk, ,Ambient', upc: ' 036000291452 ', territories: { rule: 'deny' as const, countries: ['US'] } }
  expect(releases.bodyOf(filled)).toMatchObject({ genres: ['folk', 'Ambient'], upc: '036000291452', territories: { rule: 'deny', countries: ['US'] } })
})
