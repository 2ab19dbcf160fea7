import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { preferred, regional } from '.'
import accountsDe from './accounts.de.json'
import accountsEn from './accounts.en.json'
import coreDe from './de.json'
import coreEn from './en.json'
import playlistsDe from './playlists.de.json'
import playlistsEn from './playlists.en.json'
import roomsDe from './rooms.de.json'
import roomsEn from './rooms.en.json'
import studioDe from './studio.de.json'
import studioEn from './studio.en.json'

type Texts = { [key: string]: string | Texts }

const flat = (texts: Texts, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([key, value]) => (typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`)))
const slots = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(String).toSorted()

const en = { ...coreEn, ...accountsEn, ...playlistsEn, ...roomsEn, ...studioEn }
const de = { ...coreDe, ...accountsDe, ...playlistsDe, ...roomsDe, ...studioDe }

// The server writes these itself, in English.
const { fields: _fields, rejections: _rejections, findings: _findings, checklistItems: _checklistItems, csvLine: _csvLine, ...shared } = de

it('says everything in both languages, with the same slots', () => {
  const german = new Map(flat(shared))
  expect([...german.keys()].toSorted()).toEqual(flat(en).map(([key]) => key).toSorted())
  for (const [key, text] of flat(en)) expect([key, slots(german.get(key) ?? '')]).toEqual([key, slots(text)])
})

const source = (name: string) => readFileSync(join(import.meta.dirname, '../../../src/platform', name), 'utf8')

it('has a sentence for every refusal of the server', () => {
  const rules = source('error/code.rs').matchAll(/^ +\w+: [A-Z_]+ "([a-z-]+)"/gm)
  const faults = source('error.rs').matchAll(/=> "([a-z-]+)"/g)
  const slugs = [...rules, ...faults].map(([, slug]) => slug ?? '')
  expect(slugs.length).toBeGreaterThan(40)
  expect(slugs.filter((slug) => !Object.hasOwn(en.problems, slug))).toEqual([])
})

it('says nothing that nobody hears', () => {
  const folder = join(import.meta.dirname, '..')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
  const code = sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
  // A key is used by its full name, or by its group with the rest from a variable.
  const used = (key: string) => {
    const bare = key.replace(/_(zero|one|other)$/, '')
    const group = bare.slice(0, bare.lastIndexOf('.'))
    return code.includes(`'${bare}'`) || code.includes(`\`${group}.\${`) || code.includes(`label('${group}'`)
  }
  expect(flat(en).map(([key]) => key).filter((key) => !used(key))).toEqual([])
})

it('picks the reader’s language', () => {
  expect(preferred('de', ['en-GB'])).toBe('de')
  expect(preferred(null, ['fr', 'de-AT', 'en'])).toBe('de')
  expect(preferred('tlh', ['fr'])).toBe('en')
})

it('keeps the reader’s region', () => {
  expect(regional('en', ['de-AT', 'en-GB'])).toBe('en-GB')
  expect(regional('de', ['en-GB'])).toBe('de')
})
