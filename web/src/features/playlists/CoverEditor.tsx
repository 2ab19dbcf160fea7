import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { Playlist } from '../../api/types'
import { Button } from '../../ui/Button'
import { FileButton } from '../../ui/FileButton'
import { ProblemNotice } from '../../ui/Notice'
import { PlaylistCover } from './PlaylistCover'
import { changed } from './queries'

const pictures = 'image/jpeg,image/png,image/webp,image/avif'

/** The picture that stands for a playlist. The server crops it to a square. */
export function CoverEditor({ playlist }: { playlist: Playlist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const changing = useMutation({
    mutationFn: async (file: File | null) => {
      const at = { params: { path: { id: playlist.id } } }
      if (file) await answer<unknown>(api.PUT('/api/v1/playlists/{id}/cover', { ...at, body: file as unknown as number[], bodySerializer: (body) => body, headers: { 'Content-Type': file.type || 'application/octet-stream' } }))
      else await answer<unknown>(api.DELETE('/api/v1/playlists/{id}/cover', at))
      await changed(client, playlist.id)
    },
  })
  return (
    <section aria-label={t('playlists.cover')}>
      <h3 className="mb-2 font-semibold">{t('playlists.cover')}</h3>
      {changing.isError && <ProblemNotice problem={changing.error} className="mb-3" />}
      <div className="flex flex-wrap items-center gap-4">
        <PlaylistCover playlist={playlist} className="size-20" />
        <FileButton label={t(playlist.cover_url == null ? 'playlists.addCover' : 'playlists.changeCover')} accept={pictures} busy={changing.isPending} onFile={(file) => changing.mutate(file)} />
        {playlist.cover_url != null && <Button look="plain" disabled={changing.isPending} onClick={() => changing.mutate(null)}>{t('playlists.removeCover')}</Button>}
      </div>
    </section>
  )
}
