import type { Licence, Release, ReleaseChanges, ReleaseKind } from '../../../api/types'
import { words } from '../profile'
import { creditLines, creditsOf, type CreditLine } from './CreditRows'
import type { TerritoryForm } from './TerritoryFields'

/** What is said of a release, as its form holds it: named as the server names it, lists as lines of text. */
export interface ReleaseForm {
  title: string
  kind: ReleaseKind
  label_name: string
  upc: string
  release_mbid: string
  release_group_mbid: string
  original_date: string
  release_date: string
  genres: string
  tags: string
  languages: string
  explicit: boolean
  downloadable: boolean
  credits: CreditLine[]
  phonogram_line: string
  copyright_line: string
  licence: Licence
  territories: TerritoryForm
  liner_notes: string
}

export type ReleaseBody = { [Field in keyof ReleaseForm]: NonNullable<ReleaseChanges>[Field] }

export function formOf(release: Release): ReleaseForm {
  return {
    title: release.title,
    kind: release.kind,
    label_name: release.label_name ?? '',
    upc: release.upc ?? '',
    release_mbid: release.release_mbid ?? '',
    release_group_mbid: release.release_group_mbid ?? '',
    original_date: release.original_date ?? '',
    release_date: release.release_date ?? '',
    genres: (release.genres ?? []).join(', '),
    tags: (release.tags ?? []).join(', '),
    languages: (release.languages ?? []).join(', '),
    explicit: release.explicit ?? false,
    downloadable: release.downloadable ?? false,
    credits: creditLines(release.credits),
    phonogram_line: release.phonogram_line ?? '',
    copyright_line: release.copyright_line ?? '',
    licence: release.licence ?? 'all-rights-reserved',
    territories: { rule: release.territories?.rule ?? '', countries: release.territories?.countries ?? [] },
    liner_notes: release.liner_notes ?? '',
  }
}

/** What a form says; what is empty is said by nobody. */
export function bodyOf(form: ReleaseForm): ReleaseBody {
  return {
    title: form.title.trim(),
    kind: form.kind,
    label_name: told(form.label_name),
    upc: told(form.upc),
    release_mbid: told(form.release_mbid),
    release_group_mbid: told(form.release_group_mbid),
    original_date: told(form.original_date),
    release_date: told(form.release_date),
    genres: words(form.genres),
    tags: words(form.tags),
    languages: words(form.languages),
    explicit: form.explicit,
    downloadable: form.downloadable,
    credits: creditsOf(form.credits),
    phonogram_line: told(form.phonogram_line),
    copyright_line: told(form.copyright_line),
    licence: form.licence,
    territories: form.territories.rule === '' ? null : { rule: form.territories.rule, countries: form.territories.countries },
    liner_notes: told(form.liner_notes),
  }
}

/** A text without the spaces around it, or null for none. */
export function told(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}
