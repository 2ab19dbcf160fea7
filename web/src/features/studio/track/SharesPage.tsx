import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api, ifMatch, tagged } from '../../../api/client'
import type { Splits, Track } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Avatar } from '../../../ui/Avatar'
import { Button, IconButton } from '../../../ui/Button'
import { Field } from '../../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { useMe } from '../../accounts/session'
import { SaveBar } from '../editing/SaveBar'
import { useEditor } from '../editing/useEditor'
import { Panel } from '../Panel'
import { Sheet } from '../people/Sheet'
import { OwnTrack } from './OwnTrack'
import { equally, hundredthsOf, percentOf } from './percent'

const MOST = 50

const splitsQuery = (trackId: string) =>
  queryOptions({
    queryKey: ['splits', trackId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/tracks/{id}/splits', { params: { path: { id: trackId } }, signal })),
  })

/** Who has which share in a track, and whether they agree. */
export function SharesPage() {
  return <OwnTrack page="shares">{(track, mayEdit) => <Shares key={track.id} track={track} mayEdit={mayEdit} />}</OwnTrack>
}

function Shares({ track, mayEdit }: { track: Track; mayEdit: boolean }) {
  const splits = useQuery(splitsQuery(track.id))
  if (splits.isPending) return <Loading><Block className="h-40 w-full rounded-2xl" /></Loading>
  if (splits.isError && !splits.data) return <ProblemNotice problem={splits.error} onRetry={() => void splits.refetch()} />
  return (
    <div className="grid max-w-4xl grid-cols-1 gap-8">
      <Answers splits={splits.data} />
      {mayEdit && <Form splits={splits.data} track={track} />}
    </div>
  )
}

/** What each of them says to their share. */
function Answers({ splits }: { splits: Splits }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const summary = splits.shares.length === 0 ? t('split.none') : t(splits.agreed ? 'split.agreed' : 'split.open')
  return (
    <Sheet title={t('split.answers')} lead={summary}>
      <ul className="flex flex-col divide-y divide-line">
        {splits.shares.map(({ id, account, percent, state, answered_at: answeredAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3" data-share={account?.handle}>
            <Avatar name={account?.display_name ?? '?'} picture={account?.picture_url && `${account.picture_url}?size=128`} />
            <div className="min-w-0 flex-1 basis-40">
              <p className="truncate font-semibold">{account?.display_name ?? t('history.somebody')}</p>
              <p className="truncate text-sm text-soft">{[account && `@${account.handle}`, answeredAt && day(answeredAt, locale)].filter(Boolean).join(' · ')}</p>
            </div>
            <span className="figures font-semibold">{t('shares.percent', { percent })}</span>
            <span className={`rounded-full px-3 py-1 text-xs font-semibold ${state === 'confirmed' ? 'bg-calm-tint text-calm' : state === 'declined' ? 'bg-alarm-tint text-alarm' : 'bg-tint text-soft'}`}>{label('shareStates', state)}</span>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

interface SplitForm {
  splits: { handle: string; percent: string }[]
}

const formOf = (splits: Splits): SplitForm => ({ splits: splits.shares.map(({ account, percent }) => ({ handle: account?.handle ?? '', percent })) })
const bodyOf = (form: SplitForm) => ({
  splits: form.splits.map(({ handle, percent }) => {
    const hundredths = hundredthsOf(percent)
    return { handle: handle.trim().replace(/^@/, '').toLowerCase(), percent: hundredths === null ? percent.trim() : percentOf(hundredths) }
  }),
})

function Form({ splits, track }: { splits: Splits; track: Track }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const me = useMe().data
  const where = { path: { id: track.id } }
  const editor = useEditor(formOf(splits), {
    bodyOf,
    read: async () => {
      const { data, tag } = await tagged(api.GET('/api/v1/tracks/{id}/splits', { params: where }))
      return { form: formOf(data), tag }
    },
    write: async (_changes, tag, form) => {
      const { data } = await tagged(api.PUT('/api/v1/tracks/{id}/splits', { params: { ...where, header: ifMatch(tag) }, body: { shares: bodyOf(form).splits } }))
      client.setQueryData(splitsQuery(track.id).queryKey, data)
      await Promise.all([client.invalidateQueries({ queryKey: ['history', track.release.id] }), client.invalidateQueries({ queryKey: ['checklist'] }), client.invalidateQueries({ queryKey: ['me', 'splits'] })])
      return formOf(data)
    },
  })
  const { form, put, problem } = editor
  const problemOf = useFieldProblem(problem)
  const lines = form.splits
  const change = (index: number, part: Partial<SplitForm['splits'][number]>) => put({ splits: lines.map((line, other) => (other === index ? { ...line, ...part } : line)) })
  const sum = lines.reduce((total, { percent }) => total + (hundredthsOf(percent) ?? 0), 0)
  const told = problemOf('shares') !== null || lines.some((_, index) => problemOf(`shares[${index}].handle`) !== null || problemOf(`shares[${index}].percent`) !== null)
  const rest = Math.max(0, 10_000 - sum)
  const fresh = { handle: lines.length === 0 ? (me?.handle ?? '') : '', percent: rest > 0 ? percentOf(rest) : '' }
  return (
    <Panel title={t('split.title')} onSubmit={editor.save}>
      <p className="text-sm text-soft">{t('split.lead')}</p>
      {problem && !told ? <ProblemNotice problem={problem} /> : null}
      {problemOf('shares') && <p role="alert" className="text-sm text-alarm">{problemOf('shares')}</p>}
      <ul className="flex flex-col gap-3">
        {lines.map((line, index) => {
          const number = index + 1
          return (
            // The lines have nothing of their own to be told apart by but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="grid grid-cols-[minmax(0,1fr)_6rem_2.5rem] items-start gap-3">
              <Field label={t('split.handle', { number })} problem={problemOf(`shares[${index}].handle`)} required maxLength={33} autoComplete="off" spellCheck={false} value={line.handle} onChange={(event) => change(index, { handle: event.target.value })} />
              <Field label={t('split.percent', { number })} problem={problemOf(`shares[${index}].percent`)} required maxLength={6} inputMode="decimal" autoComplete="off" value={line.percent} onChange={(event) => change(index, { percent: event.target.value })} />
              <IconButton label={t('split.remove', { number })} icon="trash" className="mt-7" onClick={() => put({ splits: lines.filter((_, other) => other !== index) })} />
            </li>
          )
        })}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        {lines.length < MOST && <Button icon="plus" onClick={() => put({ splits: [...lines, fresh] })}>{t('split.add')}</Button>}
        {lines.length > 1 && <Button onClick={() => put({ splits: equally(lines.length).map((percent, index) => ({ handle: lines[index]?.handle ?? '', percent })) })}>{t('split.equally')}</Button>}
        <p role="status" className={`figures text-sm font-semibold ${lines.length === 0 || sum === 10_000 ? 'text-calm' : 'text-alarm'}`}>{t('split.sum', { percent: percentOf(sum) })}</p>
      </div>
      <SaveBar editor={editor} />
    </Panel>
  )
}
