import { expect, it } from 'vitest'
import type { Artist } from '../../api/types'
import { changesOf } from './editing/merge'
import { bodyOf, formOf, words, type ProfileForm } from './profile'

const form: ProfileForm = { name: 'Nina', slug: 'nina', biography: 'Harp.', places: 'Berlin', genres: 'ambient', artist_mbid: '', links: [{ label: 'Home', url: 'https://nina.example/' }], pinned_release_id: '', feed: false }

const sent = (before: ProfileForm, after: ProfileForm) => changesOf(bodyOf(before), bodyOf(after))

it('sends what was changed and nothing else', () => {
  expect(sent(form, { ...form })).toEqual({})
  expect(sent(form, { ...form, name: ' Nina S. ', genres: 'ambient, drone,, ' })).toEqual({ name: 'Nina S.', genres: ['ambient', 'drone'] })
  expect(sent(form, { ...form, links: [] })).toEqual({ links: [] })
  expect(sent(form, { ...form, feed: true })).toEqual({ feed: true })
})

it('takes a pin away with a null', () => {
  expect(sent({ ...form, pinned_release_id: 'a' }, form)).toEqual({ pinned_release_id: null })
  expect(sent(form, { ...form, pinned_release_id: 'a' })).toEqual({ pinned_release_id: 'a' })
})

it('takes an identifier away with a null', () => {
  expect(sent({ ...form, artist_mbid: 'a' }, { ...form, artist_mbid: ' ' })).toEqual({ artist_mbid: null })
  expect(sent(form, { ...form, artist_mbid: ' a ' })).toEqual({ artist_mbid: 'a' })
})

it('reads the words between commas', () => {
  expect(words(' a b, ,c ,')).toEqual(['a b', 'c'])
})

it('holds a profile as the server has it', () => {
  const artist = { name: 'Nina', slug: 'nina', biography: { markdown: 'Harp.' }, places: ['Berlin', 'Graz'], genres: [], links: [], pinned_release: { id: 'a', title: 'Tides' }, feed: true } as unknown as Artist
  expect(bodyOf(formOf(artist))).toEqual({ name: 'Nina', slug: 'nina', biography: 'Harp.', places: ['Berlin', 'Graz'], genres: [], artist_mbid: null, links: [], pinned_release_id: 'a', feed: true })
})
