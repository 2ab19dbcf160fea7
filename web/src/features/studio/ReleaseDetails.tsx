import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api } from '../../api/client'
import { releaseKinds, type Release, type ReleaseKind } from '../../api/types'
import { useFieldProblem } from '../../i18n/problemText'
import { useLabel } from '../../i18n/useLabel'
import { Button } from '../../ui/Button'
import { Confirm } from '../../ui/Dialog'
import { Choice, Field } from '../../ui/Field'
import { ProblemNotice } from '../../ui/Notice'
import { releaseQuery } from '../artists/queries'
import { Panel } from './Panel'

/** The words of a release, and its end. */
export function ReleaseDetails({ release }: { release: Release }) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  // What somebody else changes meanwhile is not sent back: only what is different from when this was opened.
  const [opened, setOpened] = useState({ title: release.title, kind: release.kind })
  const [title, setTitle] = useState(release.title)
  const [kind, setKind] = useState(release.kind)
  const changes = { ...(title.trim() !== opened.title && { title: title.trim() }), ...(kind !== opened.kind && { kind }) }
  const [asking, setAsking] = useState(false)
  const saving = useMutation({
    mutationFn: () => answer(api.PATCH('/api/v1/releases/{id}', { params: { path: { id: release.id } }, body: changes })),
    onSuccess: async (saved) => {
      setOpened({ title: saved.title, kind: saved.kind })
      setTitle(saved.title)
      setKind(saved.kind)
      client.setQueryData(releaseQuery(release.id).queryKey, saved)
      await client.invalidateQueries({ queryKey: ['releases'] })
    },
  })
  const problemOf = useFieldProblem(saving.error)
  const changed = Object.keys(changes).length > 0
  return (
    <>
      <Panel title={t('studio.details')} onSubmit={() => saving.mutate()}>
        {saving.isError && problemOf('title') === null && <ProblemNotice problem={saving.error} />}
        <Field label={t('studio.releaseTitle')} problem={problemOf('title')} required maxLength={200} autoComplete="off" value={title} onChange={(event) => setTitle(event.target.value)} />
        <Choice label={t('studio.kind')} value={kind} onChange={(event) => setKind(event.target.value as ReleaseKind)} options={releaseKinds.map((value) => ({ value, label: label('kinds', value) }))} />
        <Button type="submit" busy={saving.isPending} disabled={!changed}>{t('common.save')}</Button>
        <Button look="danger" icon="trash" onClick={() => setAsking(true)}>{t('studio.deleteRelease')}</Button>
      </Panel>
      {asking && <Deletion release={release} onClose={() => setAsking(false)} />}
    </>
  )
}

function Deletion({ release, onClose }: { release: Release; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const deleting = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/releases/{id}', { params: { path: { id: release.id } } })),
    onSuccess: async () => {
      await navigate(`/studio/artists/${release.artist.slug}`, { replace: true })
      client.removeQueries({ queryKey: releaseQuery(release.id).queryKey })
      await client.invalidateQueries({ queryKey: ['releases'] })
    },
  })
  return (
    <Confirm title={t('studio.deleteReleaseTitle')} action={t('common.delete')} busy={deleting.isPending} onConfirm={() => deleting.mutate()} onClose={onClose}>
      {t('studio.deleteReleaseText', { title: release.title })}
      {deleting.isError && <ProblemLine problem={deleting.error} />}
    </Confirm>
  )
}

function ProblemLine({ problem }: { problem: unknown }) {
  return <ProblemNotice problem={problem} className="mt-4" />
}
