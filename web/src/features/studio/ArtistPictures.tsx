import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { Artist } from '../../api/types'
import { Cover } from '../../ui/Cover'
import { Banner } from '../artists/Banner'
import { fileBody, PicturePanel } from './PicturePanel'

/** An artist's face and the head of their page. */
export function ArtistPictures({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const params = { path: { id: artist.id } }
  const again = () => Promise.all([client.invalidateQueries({ queryKey: ['artist'] }), client.invalidateQueries({ queryKey: ['artists'] })])
  const avatar = async (file: File | null) => {
    if (file) await answer<unknown>(api.PUT('/api/v1/artists/{id}/avatar', { params, ...fileBody(file) }))
    else await answer<unknown>(api.DELETE('/api/v1/artists/{id}/avatar', { params }))
    await again()
  }
  const banner = async (file: File | null) => {
    if (file) await answer<unknown>(api.PUT('/api/v1/artists/{id}/banner', { params, ...fileBody(file) }))
    else await answer<unknown>(api.DELETE('/api/v1/artists/{id}/banner', { params }))
    await again()
  }
  return (
    <>
      <PicturePanel title={t('artwork.avatar')} hint={t('artwork.avatarHint')} has={artist.avatar != null} change={avatar}>
        <Cover title={artist.name} artist={artist.name} artwork={artist.avatar} sizes="8rem" className="size-32 rounded-full" />
      </PicturePanel>
      <PicturePanel title={t('artwork.banner')} hint={t('artwork.bannerHint')} has={artist.banner != null} change={banner}>
        {artist.banner && <Banner artwork={artist.banner} sizes="21rem" className="rounded-xl" />}
      </PicturePanel>
    </>
  )
}
