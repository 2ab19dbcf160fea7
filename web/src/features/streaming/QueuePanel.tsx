import { Popover } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../ui/Button'
import { clock } from '../../ui/time'
import { useMe } from '../accounts/session'
import { ListenTogether } from '../rooms/ListenTogether'
import { PlayElsewhere } from './PlayElsewhere'
import { jumpTo, usePlayer } from './player'
import { Playing } from './Playing'

/** What plays next; press a line to go there. */
export default function QueuePanel() {
  const { t } = useTranslation()
  const queue = usePlayer((state) => state.queue)
  const moving = usePlayer((state) => state.status === 'playing')
  const me = useMe().data
  if (queue === null) return null
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton label={t('player.queue')} icon="queue" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content side="top" align="end" sideOffset={16} collisionPadding={12} aria-label={t('player.queue')} className="rise z-50 flex max-h-[60vh] w-96 max-w-[calc(100vw-1.5rem)] flex-col rounded-2xl border border-line bg-surface p-2 shadow-high">
          <h2 className="px-3 pt-2 pb-3 text-xl">{t('player.queue')}</h2>
          <ol className="overflow-y-auto">
            {queue.tracks.map((track, at) => (
              // The same track may stand in it several times.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={`${at} ${track.id}`}>
                <button type="button" aria-current={at === queue.at ? 'true' : undefined} onClick={() => jumpTo(at)} className="flex w-full items-center gap-3 rounded-lg px-3 py-2 text-left hover:bg-tint">
                  <span className="figures w-5 shrink-0 text-sm text-soft">{at === queue.at ? <Playing moving={moving} /> : at + 1}</span>
                  <span className="min-w-0 flex-1">
                    <span className={`block truncate ${at === queue.at ? 'font-semibold text-accent' : ''}`}>{track.title}</span>
                    <span className="block truncate text-sm text-soft">{track.artist.name}</span>
                  </span>
                  {track.duration_ms != null && <span className="figures text-sm text-soft">{clock(track.duration_ms)}</span>}
                </button>
              </li>
            ))}
          </ol>
          {me && <PlayElsewhere />}
          {me && <ListenTogether queue={queue} />}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
