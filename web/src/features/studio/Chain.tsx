import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { Track } from '../../api/types'
import { Button } from '../../ui/Button'
import { ProblemNotice } from '../../ui/Notice'
import { releaseQuery } from '../artists/queries'
import { Stages } from './Stages'

/** A track's chain while it runs, with a way to stop it; and a way to begin again with what failed or was stopped. */
export function Chain({ track }: { track: Track }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const where = { params: { path: { id: track.id } } }
  const onSettled = () => client.invalidateQueries({ queryKey: releaseQuery(track.release.id).queryKey })
  const stopping = useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/tracks/{id}/reprocessing', where)), onSettled })
  const beginning = useMutation({ mutationFn: () => answer(api.POST('/api/v1/tracks/{id}/reprocessing', { ...where, body: {} })), onSettled })
  const open = track.stages.some((stage) => stage.state === 'failed' || stage.state === 'cancelled')
  const problem = stopping.error ?? beginning.error
  if (!track.under_way && !open) return null
  return (
    <>
      {track.under_way && track.state !== 'processing' && <p className="mt-3 text-sm text-soft">{t('stages.anew')}</p>}
      {(track.under_way || track.state === 'ready') && <Stages stages={track.stages} />}
      <div className="mt-3">
        {track.under_way
          ? <Button icon="cross" busy={stopping.isPending} onClick={() => stopping.mutate()}>{t('stages.stop')}</Button>
          : <Button icon="retry" busy={beginning.isPending} onClick={() => beginning.mutate()}>{t('stages.again')}</Button>}
      </div>
      {problem && <ProblemNotice problem={problem} className="mt-3" />}
    </>
  )
}
