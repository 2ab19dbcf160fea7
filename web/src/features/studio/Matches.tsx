import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { ArrivedUpload } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Confirm } from '../../ui/Dialog'
import { releaseQuery } from '../artists/queries'
import { arrivedQuery, forgetArrived, useUploads, type Arrived } from './uploads'

/** What arrived just now and looks like another file for a track that is here: the artist says whether it is one. */
export function Matches({ releaseId }: { releaseId: string }) {
  const arrived = useUploads((state) => state.arrived).filter((upload) => upload.releaseId === releaseId)
  return <>{arrived.map((upload) => <Offer key={upload.uploadId} arrived={upload} />)}</>
}

type Match = ArrivedUpload['matches'][number]

function Offer({ arrived }: { arrived: Arrived }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<Match | null>(null)
  const upload = useQuery(arrivedQuery(arrived)).data
  const handing = useMutation({
    mutationFn: ({ from, to }: { from: string; to: string }) => answer(api.POST('/api/v1/tracks/{id}/handover', { params: { path: { id: from } }, body: { to } })),
    onSuccess: async (_track, { to }) => {
      forgetArrived(arrived.uploadId)
      await Promise.all([client.invalidateQueries({ queryKey: releaseQuery(arrived.releaseId).queryKey }), client.invalidateQueries({ queryKey: ['track', to] }), client.invalidateQueries({ queryKey: ['quota'] })])
    },
  })
  const from = upload?.track_id
  if (!upload || !from || upload.matches.length === 0) return null
  return (
    <section role="status" aria-label={t('duplicates.matchTitle', { name: arrived.name })} className="mb-4 flex items-start gap-3 rounded-2xl border border-edge bg-tint p-4 text-sm" data-match>
      <div className="min-w-0 flex-1">
        <p className="font-semibold break-words">{t('duplicates.matchTitle', { name: arrived.name })}</p>
        <ul className="mt-3 flex flex-col gap-2">
          {upload.matches.map((match) => (
            <li key={match.track_id} className="flex flex-wrap items-center gap-3">
              <Button icon="upload" onClick={() => setChosen(match)}>{t('duplicates.replace', { title: match.title })}</Button>
              <span className="text-soft">{t(`matchedBy.${match.matched_by}`)}</span>
            </li>
          ))}
        </ul>
        <p className="mt-3 text-soft">{t('duplicates.matchLead')}</p>
      </div>
      <IconButton label={t('common.close')} icon="cross" onClick={() => forgetArrived(arrived.uploadId)} />
      {chosen && (
        <Confirm title={t('duplicates.replaceTitle')} action={t('audio.replaceAction')} icon="upload" busy={handing.isPending} problem={handing.error} onConfirm={() => handing.mutate({ from, to: chosen.track_id })} onClose={() => setChosen(null)}>
          {t('duplicates.replaceText', { title: chosen.title, name: arrived.name })}
        </Confirm>
      )}
    </section>
  )
}
