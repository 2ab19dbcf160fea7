import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ifMatch, tagged } from '../../../api/client'
import { ApiProblem } from '../../../api/problem'
import type { Track } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Field, TextArea, Tick } from '../../../ui/Field'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { releaseQuery } from '../../artists/queries'
import { CreditRows } from '../editing/CreditRows'
import { languageNames } from '../editing/languages'
import { SaveBar } from '../editing/SaveBar'
import { bodyOf, changesFor, formOf, type TrackForm } from '../editing/trackForm'
import { useEditor } from '../editing/useEditor'
import { Panel } from '../Panel'
import { words } from '../profile'
import { Group } from '../release/ReleaseDetailsPage'
import { LyricsFields } from './LyricsFields'
import { MusicBrainz } from '../MusicBrainz'
import { OwnTrack, trackQuery } from './OwnTrack'

/** Everything that can be said of a track. */
export function TrackDetailsPage() {
  const { t } = useTranslation()
  return (
    <OwnTrack page="details">
      {(track, mayEdit) => (
        <div className="max-w-4xl">
          {!mayEdit && <Note className="mb-6">{t('profile.viewer')}</Note>}
          <Details key={track.id} track={track} mayEdit={mayEdit} />
        </div>
      )}
    </OwnTrack>
  )
}

type Text = { [Key in keyof TrackForm]: TrackForm[Key] extends string ? Key : never }[keyof TrackForm]

function Details({ track, mayEdit }: { track: Track; mayEdit: boolean }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const where = { path: { id: track.id } }
  const editor = useEditor(formOf(track), {
    bodyOf,
    read: async () => {
      const { data, tag } = await tagged(api.GET('/api/v1/tracks/{id}', { params: where }))
      return { form: formOf(data), tag }
    },
    write: async (changes, tag) => {
      // What is no time cannot be sent; it is told as the server tells of its fields.
      if (typeof changes.preview_start_ms === 'string') throw noTime(t('hints.noTime', { time: changes.preview_start_ms }))
      const { data } = await tagged(api.PATCH('/api/v1/tracks/{id}', { params: { ...where, header: ifMatch(tag) }, body: changesFor(changes) }))
      client.setQueryData(trackQuery(track.id).queryKey, data)
      await Promise.all([client.invalidateQueries({ queryKey: releaseQuery(track.release.id).queryKey }), client.invalidateQueries({ queryKey: ['history', track.release.id] })])
      return formOf(data)
    },
  })
  const { form, put, problem } = editor
  const problemOf = useFieldProblem(problem)
  const text = (field: Text) => ({ label: t(`metadata.${field}`), problem: problemOf(field), value: form[field], autoComplete: 'off', onChange: (event: { target: { value: string } }) => put({ [field]: event.target.value }) })
  return (
    <Panel title={t('trackTabs.details')} onSubmit={editor.save}>
      {problem && !isTold(problem, form, problemOf) ? <ProblemNotice problem={problem} /> : null}
      <fieldset disabled={!mayEdit} className="flex min-w-0 flex-col gap-8">
        <Group title={t('groups.general')}>
          <Field {...text('title')} required maxLength={200} />
          <Field {...text('version')} hint={t('hints.version')} maxLength={200} />
          <TextArea {...text('featured_artists')} hint={t('hints.featuredArtists')} rows={2} />
          <Field {...text('languages')} hint={languageNames(words(form.languages), locale) || t('hints.languages')} />
          <Field {...text('disc')} type="number" min={1} max={99} hint={t('hints.disc')} />
          <Field {...text('position')} type="number" min={1} required hint={t('hints.position')} />
          <Field {...text('preview_start_ms')} hint={t('hints.previewStart')} placeholder="0:45" maxLength={10} />
          <Tick label={t('metadata.explicit')} hint={t('hints.explicit')} checked={form.explicit} onChange={(event) => put({ explicit: event.target.checked })} className="sm:mt-8" />
        </Group>
        <Group title={t('groups.codes')}>
          <Field {...text('isrc')} hint={t('hints.isrc')} maxLength={20} spellCheck={false} />
          <Field {...text('iswc')} hint={t('hints.iswc')} maxLength={20} spellCheck={false} />
          <Field {...text('composer')} hint={t('hints.composer')} maxLength={200} />
          <Field {...text('recording_mbid')} hint={<MusicBrainz kind="recording" id={track.recording_mbid} />} maxLength={200} spellCheck={false} />
          <Field {...text('work_mbid')} hint={<MusicBrainz kind="work" id={track.work_mbid} />} maxLength={200} spellCheck={false} />
        </Group>
        <CreditRows credits={form.credits} problem={problem} disabled={!mayEdit} onChange={(credits) => put({ credits })} />
        <LyricsFields lyrics={form.lyrics} problem={problem} onChange={(lyrics) => put({ lyrics })} />
      </fieldset>
      <SaveBar editor={editor} />
    </Panel>
  )
}

function noTime(detail: string): ApiProblem {
  return new ApiProblem({ slug: 'invalid', title: detail, status: 422, field: 'preview_start_ms', detail })
}

/** Whether a field of the form tells of the problem already. */
function isTold(problem: unknown, form: TrackForm, problemOf: (field: string) => string | null): boolean {
  const places = form.credits.flatMap((_, index) => [`credits[${index}].name`, `credits[${index}].detail`])
  return problem !== null && [...Object.keys(form), 'lyrics_lrc', 'lyrics.text', ...places].some((field) => problemOf(field) !== null)
}
