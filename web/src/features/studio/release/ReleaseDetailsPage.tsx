import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ifMatch, tagged } from '../../../api/client'
import { licences, releaseKinds, type Licence, type Release, type ReleaseKind } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Choice, Field, TextArea, Tick } from '../../../ui/Field'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { releaseQuery } from '../../artists/queries'
import { CreditRows } from '../editing/CreditRows'
import { languageNames } from '../editing/languages'
import { bodyOf, formOf, type ReleaseForm } from '../editing/releaseForm'
import { SaveBar } from '../editing/SaveBar'
import { TerritoryFields } from '../editing/TerritoryFields'
import { useEditor } from '../editing/useEditor'
import { MusicBrainz } from '../MusicBrainz'
import { Panel } from '../Panel'
import { words } from '../profile'
import { OwnRelease } from './OwnRelease'
import { ReleaseHead } from './ReleaseHead'

/** Everything that can be said of a release. */
export function ReleaseDetailsPage() {
  const { t } = useTranslation()
  return (
    <OwnRelease>
      {(release, mayEdit) => (
        <>
          <title>{`${release.title} · ${t('releaseTabs.details')} · Legato`}</title>
          <ReleaseHead release={release} mayEdit={mayEdit} />
          <div className="max-w-4xl">
            {!mayEdit && <Note className="mb-6">{t('profile.viewer')}</Note>}
            <Details key={release.id} release={release} mayEdit={mayEdit} />
          </div>
        </>
      )}
    </OwnRelease>
  )
}

type Text = { [Key in keyof ReleaseForm]: ReleaseForm[Key] extends string ? Key : never }[keyof ReleaseForm]

function Details({ release, mayEdit }: { release: Release; mayEdit: boolean }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const client = useQueryClient()
  const where = { path: { id: release.id } }
  const editor = useEditor(formOf(release), {
    bodyOf,
    read: async () => {
      const { data, tag } = await tagged(api.GET('/api/v1/releases/{id}', { params: where }))
      return { form: formOf(data), tag }
    },
    write: async (changes, tag) => {
      const { data } = await tagged(api.PATCH('/api/v1/releases/{id}', { params: { ...where, header: ifMatch(tag) }, body: changes }))
      client.setQueryData(releaseQuery(release.id).queryKey, data)
      await Promise.all([client.invalidateQueries({ queryKey: ['releases'] }), client.invalidateQueries({ queryKey: ['history', release.id] })])
      return formOf(data)
    },
  })
  const { form, put, problem } = editor
  const problemOf = useFieldProblem(problem)
  const text = (field: Text) => ({ label: t(`metadata.${field}`), problem: problemOf(field), value: form[field], autoComplete: 'off', onChange: (event: { target: { value: string } }) => put({ [field]: event.target.value }) })
  return (
    <Panel title={t('releaseTabs.details')} onSubmit={editor.save}>
      {problem && !isTold(problem, form, problemOf) ? <ProblemNotice problem={problem} /> : null}
      <fieldset disabled={!mayEdit} className="flex min-w-0 flex-col gap-8">
        <Group title={t('groups.general')}>
          <Field {...text('title')} required maxLength={200} className="sm:col-span-2" />
          <Choice label={t('metadata.kind')} value={form.kind} onChange={(event) => put({ kind: event.target.value as ReleaseKind })} options={releaseKinds.map((value) => ({ value, label: label('kinds', value) }))} />
          <Field {...text('label_name')} maxLength={200} />
          <Field {...text('upc')} hint={t('hints.upc')} inputMode="numeric" maxLength={40} />
          <Field {...text('languages')} hint={languageNames(words(form.languages), locale) || t('hints.languages')} />
          <Field {...text('release_date')} hint={t('hints.date')} placeholder="2026-11-28" maxLength={10} />
          <Field {...text('original_date')} hint={t('hints.originalDate')} placeholder="1998" maxLength={10} />
          <Field {...text('genres')} hint={t('hints.genres')} />
          <Field {...text('tags')} hint={t('hints.tags')} />
          <Tick label={t('metadata.explicit')} hint={t('hints.explicit')} checked={form.explicit} onChange={(event) => put({ explicit: event.target.checked })} className="sm:col-span-2" />
          <Tick label={t('metadata.downloadable')} hint={t('hints.downloadable')} checked={form.downloadable} onChange={(event) => put({ downloadable: event.target.checked })} className="sm:col-span-2" />
        </Group>
        <Group title={t('groups.musicbrainz')}>
          <Field {...text('release_mbid')} hint={<MusicBrainz kind="release" id={release.release_mbid} tagged={taggedOf(release, 'release_mbid')} onTake={(id) => put({ release_mbid: id })} />} maxLength={200} spellCheck={false} />
          <Field {...text('release_group_mbid')} hint={<MusicBrainz kind="release-group" id={release.release_group_mbid} tagged={taggedOf(release, 'release_group_mbid')} onTake={(id) => put({ release_group_mbid: id })} />} maxLength={200} spellCheck={false} />
        </Group>
        <CreditRows credits={form.credits} problem={problem} disabled={!mayEdit} onChange={(credits) => put({ credits })} />
        <Group title={t('groups.rights')}>
          <Field {...text('phonogram_line')} hint={t('hints.phonogramLine')} placeholder="2026 …" maxLength={200} />
          <Field {...text('copyright_line')} hint={t('hints.copyrightLine')} placeholder="2026 …" maxLength={200} />
          <Choice
            label={t('metadata.licence')}
            value={form.licence}
            onChange={(event) => put({ licence: event.target.value as Licence })}
            options={licences.map((value) => ({ value, label: value === 'all-rights-reserved' ? t('territory.allRights') : value.replaceAll('-', ' ') }))}
          />
          <TerritoryFields value={form.territories} problem={problem} onChange={(territories) => put({ territories })} />
        </Group>
        <TextArea {...text('liner_notes')} hint={t('hints.linerNotes')} maxLength={20_000} rows={10} />
      </fieldset>
      <SaveBar editor={editor} />
    </Panel>
  )
}

/** What the tags of all files agree on that say it. */
function taggedOf(release: Release, field: 'release_mbid' | 'release_group_mbid'): string | null {
  const said = new Set(release.tracks.flatMap(({ suggestions }) => suggestions?.[field] ?? []))
  const [only] = said
  return said.size === 1 && only !== undefined ? only : null
}

/** Whether a field of the form tells of the problem already. */
function isTold(problem: unknown, form: ReleaseForm, problemOf: (field: string) => string | null): boolean {
  const places = form.credits.flatMap((_, index) => [`credits[${index}].name`, `credits[${index}].detail`])
  return problem !== null && [...Object.keys(form), 'territories.countries', ...places].some((field) => problemOf(field) !== null)
}

export function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-3 font-display text-xl">{title}</legend>
      <div className="grid grid-cols-1 items-start gap-4 sm:grid-cols-2">{children}</div>
    </fieldset>
  )
}
