import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../../../ui/Button'
import { Cover } from '../../../ui/Cover'
import { goOn, usePlayer, warmUp } from '../player'
import { announcePlayer } from '../players'
import { currentOf } from '../queue'
import { leftAt } from './keptQueue'
import { followQueue, seeQueue } from './putQueue'

/** Keeps the queue with the server, and offers on a fresh visit to go on where the listener left, here or elsewhere. */
export default function GoOn() {
  const { t } = useTranslation()
  const kept = useQuery({ queryKey: ['library', 'queue'], queryFn: seeQueue, staleTime: Infinity, gcTime: Infinity }).data
  const [over, setOver] = useState(false)
  useEffect(followQueue, [])
  useEffect(announcePlayer, [])
  // Whoever plays something has chosen.
  useEffect(() => usePlayer.subscribe((state) => state.queue !== null && setOver(true)), [])
  const silent = usePlayer((state) => state.queue === null)
  const left = kept && leftAt(kept)
  if (over || !silent || !left) return null
  const track = currentOf(left.queue)
  const title = kept.device ? t('library.goOnFrom', { device: kept.device }) : t('library.goOn')
  return (
    <section aria-label={t('library.goOn')} className="rise sticky bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] shadow-high">
      <div className="mx-auto flex max-w-[84rem] items-center gap-3 px-4 py-2.5 sm:px-8">
        <Cover title={track.release.title} artist={track.artist.name} artwork={track.artwork} sizes="3rem" className="size-12 shrink-0 rounded-lg max-[399px]:hidden" />
        <div className="min-w-0 flex-1">
          <p className="truncate text-sm text-soft">{title}</p>
          <p className="truncate font-semibold">{`${track.title} · ${track.artist.name}`}</p>
        </div>
        <Button look="primary" icon="play" onPointerEnter={warmUp} onFocus={warmUp} onClick={() => goOn(left.queue, left.positionMs)}>{t('library.go')}</Button>
        <IconButton label={t('library.notNow')} icon="cross" onClick={() => setOver(true)} />
      </div>
    </section>
  )
}
