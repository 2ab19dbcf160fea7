import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { answer, api } from '../../../api/client'
import type { SameRecording, Track } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { FileButton } from '../../../ui/FileButton'
import { Confirm } from '../../../ui/Dialog'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { clock } from '../../../ui/time'
import { Analysis } from '../Analysis'
import { Chain } from '../Chain'
import { AUDIO } from '../files'
import { Findings } from '../Findings'
import { Sheet } from '../people/Sheet'
import { Refusal, Room } from '../RoomLeft'
import { lacking, quotaQuery, type Lack } from '../room'
import { UploadList } from '../UploadList'
import { replaceAudio, useUploads } from '../uploads'
import { OwnTrack } from './OwnTrack'

/** The sound of a track: what it is, where else it is, and the way to another file. */
export function AudioPage() {
  return (
    <OwnTrack page="audio">
      {(track, mayEdit) => (
        <div className="grid max-w-4xl grid-cols-1 gap-8">
          <Now track={track} />
          {mayEdit && <Replacing track={track} />}
          {track.analysis && <Elsewhere track={track} />}
        </div>
      )}
    </OwnTrack>
  )
}

function Now({ track }: { track: Track }) {
  const { t } = useTranslation()
  return (
    <Sheet title={t('audio.now')} lead={[track.filename, track.duration_ms != null && clock(track.duration_ms)].filter(Boolean).join(' · ')}>
      <Chain track={track} />
      {track.findings.length > 0 && <Findings findings={track.findings} />}
      {track.analysis && <Analysis analysis={track.analysis} />}
    </Sheet>
  )
}

function Replacing({ track }: { track: Track }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<File | null>(null)
  const [lack, setLack] = useState<Lack | null>(null)
  const quota = useQuery(quotaQuery(track.artist.slug))
  const isSending = useUploads((state) => state.uploads).some((upload) => upload.trackId === track.id)
  const begin = () => {
    if (!chosen) return
    const found = quota.data ? lacking(quota.data, [chosen], { newTracks: false }) : null
    setLack(found)
    setChosen(null)
    if (!found) replaceAudio(track, chosen)
  }
  return (
    <Sheet title={t('audio.replace')} lead={t('audio.stays')}>
      <div className="flex flex-col gap-4">
        {track.under_way && !isSending && <Note>{t('audio.wait')}</Note>}
        {lack && <Refusal lack={lack} />}
        <UploadList releaseId={track.release.id} trackId={track.id} />
        <div><FileButton label={t('audio.choose')} accept={`audio/*,${AUDIO.join(',')}`} disabled={track.under_way || isSending} onFile={setChosen} /></div>
        <Room slug={track.artist.slug} />
      </div>
      {chosen && (
        <Confirm title={t('audio.replaceTitle')} action={t('audio.replaceAction')} icon="upload" onConfirm={begin} onClose={() => setChosen(null)}>
          <p>{t('audio.replaceText', { title: track.title, file: chosen.name })}</p>
          <p className="mt-3">{t(track.state === 'ready' ? 'audio.untilReady' : 'audio.atOnce')}</p>
        </Confirm>
      )}
    </Sheet>
  )
}

function Elsewhere({ track }: { track: Track }) {
  const { t } = useTranslation()
  const found = useQuery({
    queryKey: ['same-recordings', track.id, track.under_way],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/tracks/{id}/same-recordings', { params: { path: { id: track.id } }, signal })),
  })
  const items = found.data?.items ?? []
  return (
    <Sheet title={t('audio.elsewhere')} lead={t(items.length === 0 ? 'audio.nowhereElse' : 'audio.elsewhereLead')}>
      {found.isError && <ProblemNotice problem={found.error} onRetry={() => void found.refetch()} />}
      <ul className="flex flex-col divide-y divide-line">{items.map((other) => <Recording key={other.track_id} other={other} />)}</ul>
    </Sheet>
  )
}

function Recording({ other }: { other: SameRecording }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(other.similarity)
  return (
    <li className="py-3 text-sm">
      <Link to={`/releases/${other.release.id}`} className="font-semibold underline underline-offset-4">{other.title}</Link>
      <p className="figures text-soft">{`${other.artist.name} · ${other.release.title} · ${t('audio.similar', { percent, length: clock(other.overlap_ms) })}`}</p>
    </li>
  )
}
