import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { startTextsOf } from '../../i18n'
import { IconButton } from '../../ui/Button'
import { useMe } from '../accounts/session'

const AddToPlaylist = lazy(async () => {
  await startTextsOf('playlists')
  return import('./AddToPlaylist')
})

/** Puts a track into a playlist; for the signed-in alone. */
export function AddButton({ track }: { track: { id: string; title: string } }) {
  const { t } = useTranslation()
  const me = useMe().data
  const [open, setOpen] = useState(false)
  if (!me) return null
  return (
    <>
      <IconButton label={t('player.addToPlaylist', { title: track.title })} icon="plus" onClick={() => setOpen(true)} />
      {open && <Suspense fallback={null}><AddToPlaylist track={track} onClose={() => setOpen(false)} /></Suspense>}
    </>
  )
}
