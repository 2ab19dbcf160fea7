import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { Release } from '../../api/types'
import { Cover } from '../../ui/Cover'
import { releaseQuery } from '../artists/queries'
import { fileBody, PicturePanel } from './PicturePanel'

/** The front cover of a release. */
export function ReleaseArtwork({ release }: { release: Release }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const params = { path: { id: release.id } }
  const change = async (file: File | null) => {
    if (file) await answer<unknown>(api.PUT('/api/v1/releases/{id}/artwork', { params, ...fileBody(file) }))
    else await answer<unknown>(api.DELETE('/api/v1/releases/{id}/artwork', { params }))
    await Promise.all([client.invalidateQueries({ queryKey: releaseQuery(release.id).queryKey }), client.invalidateQueries({ queryKey: ['releases'] })])
  }
  return (
    <PicturePanel title={t('artwork.cover')} hint={t('artwork.coverHint')} has={release.artwork != null} change={change}>
      <Cover title={release.title} artist={release.artist.name} artwork={release.artwork} sizes="19rem" className="w-full max-w-76 rounded-xl" />
    </PicturePanel>
  )
}
