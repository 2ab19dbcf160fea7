import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { answer, api } from '../../../api/client'
import type { ImportLine, ImportReport } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { Spinner } from '../../../ui/Button'
import { Tick } from '../../../ui/Field'
import { FileButton } from '../../../ui/FileButton'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { moment } from '../../../ui/time'
import { Sheet } from '../people/Sheet'
import { isOver, newestImport } from './queries'
import { sendPackage } from './sendPackage'

/** A package is sent, checked and unpacked; what came of the last one. */
export function BringIn({ artistId }: { artistId: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const query = newestImport(artistId)
  const newest = useQuery(query)
  const [publish, setPublish] = useState(false)
  const [percent, setPercent] = useState(0)
  const sending = useMutation({
    mutationFn: async (file: File) => {
      setPercent(0)
      const uploadIds = await sendPackage(file, (sent) => setPercent(Math.floor((sent * 100) / file.size)))
      return answer(api.POST('/api/v1/artists/{id}/imports', { params: { path: { id: artistId } }, body: { upload_ids: uploadIds, publish } }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: query.queryKey }),
  })
  useFreshCatalogue(newest.data)
  const isBusy = sending.isPending || (newest.data != null && !isOver(newest.data))
  return (
    <Sheet title={t('moving.in')} lead={t('moving.inLead')}>
      <div className="flex flex-col gap-4">
        <Tick label={t('moving.publish')} hint={t('moving.publishHint')} checked={publish} disabled={isBusy} onChange={(event) => setPublish(event.target.checked)} />
        <div><FileButton label={t('moving.choose')} accept=".zip,application/zip" busy={isBusy} onFile={(file) => sending.mutate(file)} /></div>
        {sending.isPending && <p role="status" className="figures text-soft">{t('moving.sending', { percent })}</p>}
        {sending.isError && <ProblemNotice problem={sending.error} />}
        {newest.isError && !newest.data && <ProblemNotice problem={newest.error} onRetry={() => void newest.refetch()} />}
        {newest.data && <Report report={newest.data} />}
      </div>
    </Sheet>
  )
}

/** What came in is in the lists that were read before. */
function useFreshCatalogue(report: ImportReport | null | undefined): void {
  const client = useQueryClient()
  const made = report?.lines.reduce((sum, line) => sum + 1 + line.tracks, 0) ?? 0
  useEffect(() => {
    if (made === 0) return
    void client.invalidateQueries({ queryKey: ['releases'] })
    void client.invalidateQueries({ queryKey: ['artist'] })
    void client.invalidateQueries({ queryKey: ['quota'] })
  }, [client, made])
}

function Report({ report }: { report: ImportReport }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const source = report.source
  return (
    <section aria-label={t('moving.report')} className="flex flex-col gap-3 border-t border-line pt-4">
      <h3 className="text-xl">{t('moving.report')}</h3>
      <p role="status" className="flex items-center gap-3">
        {!isOver(report) && <Spinner />}
        {t(`moveStates.${report.state}`)}
      </p>
      {source && (
        <p className="text-sm break-words text-soft">
          {t('moving.source', { artist: source.artist_name, server: source.server, when: moment(source.created_at, locale) })}{' '}
          {t(source.is_own_key ? 'moving.ownKey' : 'moving.key', { key: source.key_id })}
        </p>
      )}
      {report.problem && <Note>{report.problem.message}</Note>}
      <ul className="flex flex-col divide-y divide-line">{report.lines.map((line) => <Line key={line.place} line={line} />)}</ul>
    </section>
  )
}

function Line({ line }: { line: ImportLine }) {
  const { t } = useTranslation()
  const isProfile = line.place === 0
  const became = [
    t(`moveOutcomes.${line.outcome}`),
    !isProfile && line.tracks > 0 && t('moving.tracks', { count: line.tracks }),
    !isProfile && line.outcome === 'made' && t(`movePublications.${line.publication}`),
  ]
  return (
    <li className="py-3 text-sm">
      <p className="font-semibold break-words">
        {isProfile ? t('profile.title') : line.release_id ? <Link to={`/studio/releases/${line.release_id}`} className="underline underline-offset-4">{line.title}</Link> : line.title}
      </p>
      <p className="figures text-soft">{became.filter(Boolean).join(' · ')}</p>
      {line.problems.map((problem) => <p key={problem} className="text-alarm">{problem}</p>)}
    </li>
  )
}
