import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api, ifMatch, tagged } from '../../../api/client'
import { ApiProblem, isRefusal } from '../../../api/problem'
import type { Release, TableReport } from '../../../api/types'
import { useServerText } from '../../../i18n/problemText'
import { useLabel } from '../../../i18n/useLabel'
import { Button } from '../../../ui/Button'
import { FileButton } from '../../../ui/FileButton'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { releaseQuery } from '../../artists/queries'
import { Sheet } from '../people/Sheet'
import { fileBody } from '../PicturePanel'

const COLUMNS = 'filename, isrc, title, composer, position, disc, iswc, recording_mbid, work_mbid'

/** A table, what the server would make of it, and the state of the release that it was compared with. */
interface Look {
  file: File
  report: TableReport
  tag: string | null
}

/** A table of metadata: the server says first what it would change, and changes it after that. */
export function CsvPanel({ release, onApplied }: { release: Release; onApplied: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const looking = useMutation({ mutationFn: (file: File) => look(release.id, file) })
  const applying = useMutation({
    mutationFn: async (seen: Look) => {
      try {
        return await send(release.id, seen.file, seen.tag, false)
      } catch (problem) {
        if (!isRefusal(problem, 'changed-meanwhile')) throw problem
        // Progress changes a release too: as long as the table still does the same, nobody needs to look again.
        const now = await looking.mutateAsync(seen.file)
        if (JSON.stringify(now.report) !== JSON.stringify(seen.report)) throw problem
        return send(release.id, now.file, now.tag, false)
      }
    },
    onSuccess: async (report) => {
      if (!report.applied) return
      await Promise.all([client.invalidateQueries({ queryKey: releaseQuery(release.id).queryKey }), client.invalidateQueries({ queryKey: ['history', release.id] }), client.invalidateQueries({ queryKey: ['track'] })])
      onApplied()
    },
  })
  const seen = looking.data
  const applied = applying.data?.applied ? applying.data : null
  return (
    <Sheet title={t('csv.title')} lead={t('csv.lead', { columns: COLUMNS })}>
      <div className="flex flex-col gap-4">
        <div>
          <FileButton
            label={t('csv.choose')}
            accept=".csv,text/csv"
            busy={looking.isPending}
            onFile={(file) => {
              applying.reset()
              looking.mutate(file)
            }}
          />
        </div>
        {looking.isError && <NoTable problem={looking.error} />}
        {applying.isError && <ProblemNotice problem={applying.error} />}
        {applied && <Note>{t('csv.applied', { count: applied.lines.filter((line) => !line.awaits).length })}</Note>}
        {seen && !looking.isPending && !applied && <Report release={release} seen={seen} busy={applying.isPending} onApply={() => applying.mutate(seen)} />}
        <Waiting releaseId={release.id} />
      </div>
    </Sheet>
  )
}

function Report({ release, seen: { file, report }, busy, onApply }: { release: Release; seen: Look; busy: boolean; onApply: () => void }) {
  const { t } = useTranslation()
  const titleOf = (id: string | null | undefined) => release.tracks.find((track) => track.id === id)?.title
  const waiting = report.lines.filter((line) => line.awaits).length
  const isIdle = report.fits && waiting === 0 && report.lines.every((line) => line.changes.length === 0)
  return (
    <section aria-label={t('csv.report', { name: file.name })} className="flex flex-col gap-3">
      <h3 className="text-xl break-words">{t('csv.report', { name: file.name })}</h3>
      <ol className="flex flex-col divide-y divide-line">
        {report.lines.map((line) => <Line key={line.line} line={line} title={titleOf(line.track_id)} />)}
      </ol>
      {report.untouched.length > 0 && <p className="text-sm text-soft">{t('csv.untouched', { titles: report.untouched.map(titleOf).filter(Boolean).join(', ') })}</p>}
      {!report.fits && <p role="status" className="text-sm font-medium text-alarm">{t('csv.notYet')}</p>}
      {isIdle && <p role="status" className="text-sm text-soft">{t('csv.nothing')}</p>}
      {report.fits && !isIdle && <div><Button look="primary" icon="check" busy={busy} onClick={onApply}>{waiting > 0 ? t('csv.applyAndWait', { count: waiting }) : t('csv.apply')}</Button></div>}
    </section>
  )
}

/** Lines of the last table whose files are still to come. */
function Waiting({ releaseId }: { releaseId: string }) {
  const { t } = useTranslation()
  const waiting = useQuery({
    // Part of the release: what makes that stale makes this stale too.
    queryKey: [...releaseQuery(releaseId).queryKey, 'awaiting'],
    queryFn: () => answer(api.GET('/api/v1/releases/{id}/metadata', { params: { path: { id: releaseId } } })),
  })
  const lines = waiting.data?.lines ?? []
  if (lines.length === 0) return null
  return (
    <section aria-label={t('csv.waiting')} className="flex flex-col gap-2">
      <h3 className="text-xl">{t('csv.waiting')}</h3>
      <ul className="flex flex-col gap-1 text-sm">
        {lines.map(({ line, said }) => (
          <li key={line} className="break-words"><span className="figures text-soft">{t('csv.line', { line })}</span> {Object.values(said).join(', ')}</li>
        ))}
      </ul>
      <p className="text-sm text-soft">{t('csv.waitingUntil')}</p>
    </section>
  )
}

async function look(releaseId: string, file: File): Promise<Look> {
  const { tag } = await tagged(api.GET('/api/v1/releases/{id}', { params: { path: { id: releaseId } } }))
  return { file, report: await send(releaseId, file, tag, true), tag }
}

function send(releaseId: string, file: File, tag: string | null, dryRun: boolean) {
  const sent = { ...fileBody(file), headers: { 'Content-Type': 'text/csv' } }
  return answer(api.PUT('/api/v1/releases/{id}/metadata', { params: { path: { id: releaseId }, query: { dry_run: dryRun, awaits: true }, header: ifMatch(tag) }, ...sent, body: sent.body as never }))
}

/** Why a file is no table of these columns: of which column, or in which line. */
function NoTable({ problem }: { problem: unknown }) {
  const { t, i18n } = useTranslation()
  if (!(problem instanceof ApiProblem) || problem.slug !== 'invalid' || problem.field === null) return <ProblemNotice problem={problem} />
  const line = /^line (\d+)$/.exec(problem.field)?.[1]
  const own = line ? t('csvHeader.line', { line }) : problem.field === 'header' ? t('csvHeader.key') : t('csvHeader.column', { column: problem.field, columns: COLUMNS })
  return <p role="alert" className="text-sm font-medium text-alarm">{i18n.language === 'en' && problem.detail ? `${problem.field}: ${problem.detail}` : own}</p>
}

/** Fields of a table hold a text, a number or nothing. */
const shown = (value: unknown) => (value === null || value === undefined || value === '' ? '–' : String(value))

function Line({ line, title }: { line: TableReport['lines'][number]; title: string | undefined }) {
  const { t } = useTranslation()
  const label = useLabel()
  const serverText = useServerText()
  return (
    <li className="py-3 text-sm" data-line={line.line}>
      <p><span className="figures text-soft">{t('csv.line', { line: line.line })}</span> {title && <span className="font-semibold">{title}</span>} {line.matched_by && <span className="text-soft">({label('foundBy', line.matched_by)})</span>}</p>
      {line.problem && <p className="text-alarm">{serverText(`csvLine.${line.fault}`, line.problem)}</p>}
      {line.awaits && <p className="text-soft">{t('csv.awaits')}</p>}
      {!line.problem && !line.awaits && line.changes.length === 0 && <p className="text-soft">{t('csv.same')}</p>}
      <ul>
        {line.changes.map(({ field, before, after }) => (
          <li key={field} className="break-words"><span className="text-soft">{label('metadata', field)}:</span> {shown(before)} → <span className="font-semibold">{shown(after)}</span></li>
        ))}
      </ul>
    </li>
  )
}
