import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { Release } from '../../api/types'
import { useLocale } from '../../i18n/useLocale'
import { Button } from '../../ui/Button'
import { ProblemNotice } from '../../ui/Notice'
import { day } from '../../ui/time'
import { releaseQuery } from '../artists/queries'

/** Brings a release before its listeners, or takes it back. */
export function Publication({ release }: { release: Release }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const published = release.state === 'published'
  const where = { params: { path: { id: release.id } } }
  const turning = useMutation({
    mutationFn: async () => {
      if (published) await answer(api.DELETE('/api/v1/releases/{id}/publication', where))
      else await answer(api.PUT('/api/v1/releases/{id}/publication', { ...where, body: {} }))
    },
    onSettled: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: releaseQuery(release.id).queryKey }), client.invalidateQueries({ queryKey: ['releases'] })])
    },
  })
  const waiting = release.tracks.filter((track) => track.state === 'processing').length
  const ready = release.tracks.some((track) => track.state === 'ready')
  return (
    <section aria-label={t('publication.title')} className="rounded-2xl border border-line bg-surface p-6">
      <h2 className="text-2xl">{t('publication.title')}</h2>
      <p className="mt-2 mb-4 text-sm text-soft">
        {published && release.published_at ? t('release.publishedOn', { day: day(release.published_at, locale) }) : waiting > 0 ? t('publication.waiting', { count: waiting }) : ready ? t('publication.ready') : t('publication.empty')}
      </p>
      {turning.isError && <ProblemNotice problem={turning.error} className="mb-4" />}
      <Button look={published ? 'quiet' : 'primary'} className="w-full" busy={turning.isPending} disabled={!published && (waiting > 0 || !ready)} onClick={() => turning.mutate()}>
        {t(published ? 'publication.takeBack' : 'publication.publish')}
      </Button>
    </section>
  )
}
