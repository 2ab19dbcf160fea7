import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api, ifMatch, tagged } from '../../../api/client'
import type { ApiProblem } from '../../../api/problem'
import type { Release } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { Field, Tick } from '../../../ui/Field'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { releaseQuery } from '../../artists/queries'
import { SaveBar } from '../editing/SaveBar'
import type { TrackForm } from '../editing/trackForm'
import { useKept, whileOvertaken, type ClashingField } from '../editing/useEditor'
import { Panel } from '../Panel'
import { OwnRelease } from '../release/OwnRelease'
import { ReleaseHead } from '../release/ReleaseHead'
import { CsvPanel } from './CsvPanel'
import { changedRows, clashesOf, placed, rebasedRows, requestOf, rowsOf, type Rows } from './rows'
import { SetForMany } from './SetForMany'

/** What listeners read of all tracks of a release, in one table: by hand, for many at once, or from a file. */
export function TablePage() {
  const { t } = useTranslation()
  return (
    <OwnRelease>
      {(release, mayEdit) => (
        <>
          <title>{`${release.title} · ${t('releaseTabs.table')} · Legato`}</title>
          <ReleaseHead release={release} mayEdit={mayEdit} />
          {!mayEdit && <Note>{t('profile.viewer')}</Note>}
          {mayEdit && release.tracks.length === 0 && <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-soft">{t('bulk.empty')}</p>}
          {mayEdit && release.tracks.length > 0 && <Parts release={release} />}
        </>
      )}
    </OwnRelease>
  )
}

/** A file changes the rows under the form, which begins anew with them. */
function Parts({ release }: { release: Release }) {
  const [applied, setApplied] = useState(0)
  return (
    <div className="flex flex-col gap-8">
      <Table key={applied} release={release} />
      <CsvPanel release={release} onApplied={() => setApplied((times) => times + 1)} />
    </div>
  )
}

class RowClash extends Error {
  readonly now: Rows
  readonly fields: (ClashingField & { id: string })[]

  constructor(now: Rows, fields: (ClashingField & { id: string })[]) {
    super('changed meanwhile')
    this.now = now
    this.fields = fields
  }
}

function Table({ release }: { release: Release }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [seen, setBase] = useState(() => rowsOf(release))
  const [edited, setRows] = useState(seen)
  // A track that came meanwhile is there as it is.
  const base = { ...rowsOf(release), ...seen }
  const rows = { ...base, ...edited }
  const [chosen, setChosen] = useState<string[]>([])
  const saving = useMutation({
    mutationFn: () => whileOvertaken(async () => {
      const { data, tag } = await tagged(api.GET('/api/v1/releases/{id}', { params: { path: { id: release.id } } }))
      const now = rowsOf(data)
      const clashes = clashesOf(base, rows, now)
      if (clashes.length > 0) throw new RowClash(now, clashes)
      const tracks = requestOf(base, rows, now)
      if (tracks.length === 0) return data
      return (await tagged(api.PATCH('/api/v1/releases/{id}/tracks', { params: { path: { id: release.id }, header: ifMatch(tag) }, body: { tracks } }))).data
    }),
    onSuccess: async (saved) => {
      setBase(rowsOf(saved))
      setRows(rowsOf(saved))
      client.setQueryData(releaseQuery(release.id).queryKey, saved)
      await Promise.all([client.invalidateQueries({ queryKey: ['history', release.id] }), client.invalidateQueries({ queryKey: ['track'] })])
    },
  })
  const changed = changedRows(base, rows)
  useKept(changed.length > 0)
  const clash = saving.error instanceof RowClash ? saving.error : null
  const fault = clash ? null : placed(saving.error, changed.map(({ id }) => id))
  const put = (id: string, part: Partial<TrackForm>) => setRows((before) => ({ ...before, [id]: { ...((before[id] ?? base[id]) as TrackForm), ...part } }))
  const settle = (takeTheirs: boolean) => {
    if (!clash) return
    setBase(clash.now)
    setRows(rebasedRows(base, rows, clash.now, takeTheirs ? clash.fields : []))
    saving.reset()
  }
  const ids = release.tracks.map(({ id }) => id)
  return (
      <Panel title={t('releaseTabs.table')} onSubmit={() => saving.mutate()}>
        {saving.isError && !clash && !fault && <ProblemNotice problem={saving.error} />}
        <Tick label={t('bulk.all')} checked={chosen.length === ids.length} onChange={(event) => setChosen(event.target.checked ? ids : [])} />
        <ol className="flex flex-col divide-y divide-line">
          {release.tracks.map((track, index) => {
            const form = rows[track.id]
            return form && (
              <Row
                key={track.id}
                id={track.id}
                number={index + 1}
                form={form}
                isChosen={chosen.includes(track.id)}
                problem={fault?.id === track.id ? fault.problem : null}
                onChoose={(isChosen) => setChosen((before) => (isChosen ? [...before, track.id] : before.filter((id) => id !== track.id)))}
                onChange={(part) => put(track.id, part)}
              />
            )
          })}
        </ol>
        <SetForMany count={chosen.length} onSet={(part) => chosen.forEach((id) => put(id, part(rows[id] as TrackForm)))} />
        <SaveBar
          editor={{
            isChanged: changed.length > 0,
            isSaving: saving.isPending,
            isSaved: saving.isSuccess && changed.length === 0,
            clash: clash && { fields: clash.fields, keepMine: () => settle(false), takeTheirs: () => settle(true) },
          }}
        />
      </Panel>
  )
}

interface RowProps {
  id: string
  number: number
  form: TrackForm
  isChosen: boolean
  problem: ApiProblem | null
  onChoose: (isChosen: boolean) => void
  onChange: (part: Partial<TrackForm>) => void
}

const columns = ['title', 'version', 'composer', 'isrc', 'disc'] as const

function Row({ id, number, form, isChosen, problem, onChoose, onChange }: RowProps) {
  const { t } = useTranslation()
  const problemOf = useFieldProblem(problem)
  const isTold = problem === null || columns.some((field) => problemOf(field) !== null)
  return (
    <li className="py-4" data-row={id}>
      <fieldset className="min-w-0">
        <legend className="mb-2 flex w-full flex-wrap items-center justify-between gap-3">
          <Tick label={t('bulk.choose', { number, title: form.title })} checked={isChosen} onChange={(event) => onChoose(event.target.checked)} />
          <Link to={`/studio/tracks/${id}`} aria-label={t('trackCard.detailsOf', { title: form.title })} className="text-sm font-semibold text-accent underline underline-offset-4">{t('trackTabs.details')}</Link>
        </legend>
        {!isTold && <ProblemNotice problem={problem} className="mb-3" />}
        <div className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2 lg:grid-cols-[2fr_1.5fr_1.5fr_1.2fr_5rem_8rem]">
          {columns.map((field) => (
            <Field
              key={field}
              label={t(`metadata.${field}`)}
              problem={problemOf(field)}
              required={field === 'title'}
              {...(field === 'disc' ? { type: 'number', min: 1, max: 99 } : { maxLength: 200 })}
              autoComplete="off"
              value={form[field]}
              onChange={(event) => onChange({ [field]: event.target.value })}
            />
          ))}
          <Tick label={t('metadata.explicit')} checked={form.explicit} onChange={(event) => onChange({ explicit: event.target.checked })} className="lg:mt-9" />
        </div>
      </fieldset>
    </li>
  )
}
