import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { answer, api } from '../../../api/client'
import type { HistoryEntry } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Avatar } from '../../../ui/Avatar'
import { Button } from '../../../ui/Button'
import { Confirm } from '../../../ui/Dialog'
import { moment } from '../../../ui/time'
import { showToast } from '../../../ui/toasts'
import { releaseQuery } from '../../artists/queries'
import { FieldValue } from './FieldValue'

/** What is a decision of its own, and is taken back where it was made. */
const ELSEWHERE = new Set(['splits', 'visibility', 'published_at'])

/** Whose history it is. */
export interface Subject {
  kind: 'release' | 'artist'
  id: string
}

interface EntryProps {
  entry: HistoryEntry
  of: Subject
  mayEdit: boolean
  /** The earlier change that this one took back, where the page shows it. */
  takenBack: HistoryEntry | undefined
}

/** One change: who, when, what it was and what it is, and the way back. */
export function Entry({ entry, of, mayEdit, takenBack }: EntryProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const [asking, setAsking] = useState(false)
  const who = entry.by?.display_name ?? t('history.somebody')
  const isRestorable = mayEdit && !entry.fields.some(({ field }) => ELSEWHERE.has(field))
  return (
    <li className="rounded-2xl border border-line bg-surface p-4" data-change={entry.id}>
      <div className="flex flex-wrap items-center gap-3">
        <Avatar name={who} picture={entry.by?.picture_url && `${entry.by.picture_url}?size=128`} />
        <div className="min-w-0 flex-1 basis-40 text-sm">
          <p className="truncate font-semibold">{who}</p>
          <p className="text-soft">
            <time dateTime={entry.changed_at}>{moment(entry.changed_at, locale)}</time>
            {entry.track && <> · <Link to={`/studio/tracks/${entry.track.id}`} className="underline underline-offset-4 hover:text-ink">{entry.track.title}</Link></>}
          </p>
        </div>
        {isRestorable && <Button icon="retry" onClick={() => setAsking(true)}>{t('history.takeBack')}</Button>}
      </div>
      {entry.takes_back && <p className="mt-3 text-sm text-soft">{takenBack ? t('history.tookBackOf', { moment: moment(takenBack.changed_at, locale) }) : t('history.tookBack')}</p>}
      <dl className="mt-3 flex flex-col gap-3 text-sm">
        {entry.fields.map(({ field, before, after }) => (
          <div key={field} className="min-w-0">
            <dt className="font-semibold">{label('metadata', field)}</dt>
            <dd className="mt-1 grid grid-cols-1 items-start gap-2 sm:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
              <div className="min-w-0 rounded-lg bg-tint px-3 py-2"><span className="sr-only">{t('history.before')}</span><FieldValue field={field} value={before} /></div>
              <span aria-hidden="true" className="hidden pt-2 text-soft sm:inline">→</span>
              <div className="min-w-0 rounded-lg bg-calm-tint px-3 py-2"><span className="sr-only">{t('history.after')}</span><FieldValue field={field} value={after} /></div>
            </dd>
          </div>
        ))}
      </dl>
      {asking && <TakeBack entry={entry} of={of} onClose={() => setAsking(false)} />}
    </li>
  )
}

function TakeBack({ entry, of, onClose }: { entry: HistoryEntry; of: Subject; onClose: () => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const restoring = useMutation({
    mutationFn: async () => {
      const params = { path: { id: of.id, change: entry.id } }
      await (of.kind === 'artist' ? answer(api.POST('/api/v1/artists/{id}/history/{change}/restoration', { params })) : answer(api.POST('/api/v1/releases/{id}/history/{change}/restoration', { params })))
    },
    onSuccess: async () => {
      onClose()
      showToast({ title: t('history.done') })
      await Promise.all([
        client.invalidateQueries({ queryKey: ['history', of.id] }),
        client.invalidateQueries({ queryKey: of.kind === 'artist' ? ['artist'] : releaseQuery(of.id).queryKey }),
        client.invalidateQueries({ queryKey: ['track'] }),
        client.invalidateQueries({ queryKey: ['releases'] }),
      ])
    },
  })
  return (
    <Confirm title={t('history.takeBackTitle')} action={t('history.takeBack')} icon="retry" busy={restoring.isPending} problem={restoring.error} onConfirm={() => restoring.mutate()} onClose={onClose}>
      {t('history.takeBackText')}
      <dl className="mt-4 flex flex-col gap-3 text-sm text-ink">
        {entry.fields.map(({ field, before }) => (
          <div key={field} className="min-w-0">
            <dt className="font-semibold">{label('metadata', field)}</dt>
            <dd><FieldValue field={field} value={before} /></dd>
          </div>
        ))}
      </dl>
    </Confirm>
  )
}
