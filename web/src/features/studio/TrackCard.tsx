import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { answer, api } from '../../api/client'
import type { Track, TrackChanges as Changes } from '../../api/types'
import { useServerText } from '../../i18n/problemText'
import { useLabel } from '../../i18n/useLabel'
import { IconButton } from '../../ui/Button'
import { Confirm } from '../../ui/Dialog'
import { ProblemNotice } from '../../ui/Notice'
import { clock } from '../../ui/time'
import { releaseQuery } from '../artists/queries'
import { Analysis } from './Analysis'
import { Chain } from './Chain'
import { Credits } from './Credits'
import { Findings } from './Findings'
import { Suggestions } from './Suggestions'
import { TrackTitle } from './TrackTitle'

export type TrackChanges = Pick<Changes, 'title' | 'position' | 'isrc' | 'disc' | 'recording_mbid' | 'work_mbid'>

interface TrackCardProps {
  track: Track
  index: number
  count: number
  /** Whether a dragged track would come to lie here. */
  isTarget: boolean
  drag: Record<'onDragStart' | 'onDragOver' | 'onDragLeave' | 'onDrop', (event: DragEvent) => void>
}

/** One track at the workbench: where it stands on its way, what it is called, its place. */
export function TrackCard({ track, index, count, isTarget, drag }: TrackCardProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const key = releaseQuery(track.release.id).queryKey
  const [asking, setAsking] = useState(false)
  const where = { params: { path: { id: track.id } } }
  const refresh = () => client.invalidateQueries({ queryKey: key })
  const changing = useMutation({
    mutationFn: (changes: TrackChanges) => answer(api.PATCH('/api/v1/tracks/{id}', { ...where, body: changes })),
    onSettled: refresh,
  })
  const deleting = useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/tracks/{id}', where)), onSettled: refresh })
  const move = (by: number) => changing.mutate({ position: track.position + by })
  return (
    // The arrows do the same for those who cannot drag.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li onDragOver={drag.onDragOver} onDragLeave={drag.onDragLeave} onDrop={drag.onDrop} className={`rise rounded-2xl border bg-surface p-4 ${isTarget ? 'border-accent' : 'border-line'}`} data-track={track.id} data-state={track.state}>
      <div className="flex items-start gap-3">
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <span draggable onDragStart={drag.onDragStart} className="figures w-6 shrink-0 cursor-grab pt-2 text-center text-soft" title={t('trackCard.drag')}>{index + 1}</span>
        <div className="min-w-0 flex-1">
          <TrackTitle track={track} busy={changing.isPending} onSave={(title) => changing.mutateAsync({ title })} />
          <p className="figures truncate text-sm text-soft">
            {[track.filename, track.duration_ms != null && clock(track.duration_ms), label('trackStates', track.state)].filter(Boolean).join(' · ')}
          </p>
        </div>
        <div className="flex shrink-0 -space-x-1">
          <IconButton label={t('studio.moveUp', { title: track.title })} icon="up" disabled={index === 0 || changing.isPending} onClick={() => move(-1)} />
          <IconButton label={t('studio.moveDown', { title: track.title })} icon="down" disabled={index === count - 1 || changing.isPending} onClick={() => move(1)} />
          <IconButton label={t('studio.deleteTrack', { title: track.title })} icon="trash" onClick={() => setAsking(true)} />
        </div>
      </div>
      <div className="pl-9">
        {changing.isError && <ProblemNotice problem={changing.error} className="mt-3" />}
        <Chain track={track} />
        {track.problem && <Rejection problem={track.problem} />}
        {track.warnings.length > 0 && <Warnings warnings={track.warnings} />}
        {track.findings.length > 0 && <Findings findings={track.findings} />}
        {track.analysis && <Analysis analysis={track.analysis} />}
        <Credits track={track} />
        <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm font-semibold">
          <Link to={`/studio/tracks/${track.id}`} aria-label={t('trackCard.detailsOf', { title: track.title })} className="text-accent underline underline-offset-4">{t('trackTabs.details')}</Link>
          <Link to={`/studio/tracks/${track.id}/shares`} aria-label={t('trackCard.sharesOf', { title: track.title })} className="text-accent underline underline-offset-4">{t('trackTabs.shares')}</Link>
          <Link to={`/studio/tracks/${track.id}/audio`} aria-label={t('trackCard.audioOf', { title: track.title })} className="text-accent underline underline-offset-4">{t('trackCard.replace')}</Link>
        </p>
        <Suggestions track={track} busy={changing.isPending} onApply={(changes) => changing.mutate(changes)} />
      </div>
      {asking && (
        <Confirm title={t('studio.deleteTrackTitle')} action={t('common.delete')} busy={deleting.isPending} onConfirm={() => deleting.mutate()} onClose={() => setAsking(false)}>
          {t('studio.deleteTrackText', { title: track.title })}
        </Confirm>
      )}
    </li>
  )
}

/** What is odd about a file that is used all the same. */
function Warnings({ warnings }: { warnings: string[] }) {
  return (
    <ul className="mt-3 rounded-xl border border-line bg-raised px-4 py-3 text-sm text-ink">
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  )
}

/** Why a file cannot be used, and so what to do: in the artist's words. */
function Rejection({ problem }: { problem: NonNullable<Track['problem']> }) {
  const serverText = useServerText()
  return (
    <p role="alert" className="mt-3 rounded-xl bg-alarm-tint px-4 py-3 text-sm font-medium text-alarm">
      {serverText(`rejections.${problem.slug}`, problem.message)}
    </p>
  )
}
