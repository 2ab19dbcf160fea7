import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { NowPlaying } from '../../api/types'
import { IconButton } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { playTracks, warmUp } from '../streaming/player'

/** What somebody hears now. */
export function HeardNow({ heard: { account, track } }: { heard: NowPlaying }) {
  const { t } = useTranslation()
  return (
    <li className="flex items-center gap-4 border-b border-line px-3 py-3 last:border-b-0">
      <Cover title={track.release.title} artist={track.artist.name} artwork={track.artwork} sizes="3rem" className="size-12 shrink-0" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">{`${track.title} · ${track.artist.name}`}</span>
        <Link to={`/people/${account.handle}`} className="block truncate text-sm text-soft hover:text-ink hover:underline">{t('company.hears', { name: account.display_name })}</Link>
      </span>
      <IconButton label={t('library.playTrack', { title: track.title })} icon="play" onPointerEnter={warmUp} onClick={() => playTracks([track])} />
    </li>
  )
}
