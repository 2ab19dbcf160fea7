import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { ApiProblem } from '../../api/problem'
import { useProblemText } from '../../i18n/problemText'
import { IconButton, Spinner } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { Icon } from '../../ui/Icon'
import { clock } from '../../ui/time'
import { useMe } from '../accounts/session'
import { BookmarkButton } from './library/BookmarkButton'
import { LikeButton } from './library/LikeButton'
import { useOpinions } from './library/opinions'
import { useBookmark } from './library/useBookmarks'
import { currentTrack, next, previous, retry, setVolume, takeOver, toggle, toggleMute, usePlayer } from './player'
import { nextOf, type QueuedTrack } from './queue'
import { useShortcutHelp } from './shortcuts'
import { Waveform } from './Waveform'
import { waveformQuery } from './waveformQuery'

// Its popover is the one thing here that the first sound can do without.
const QueuePanel = lazy(() => import('./QueuePanel'))

/** What plays, on every page. Absent until something does. */
export function PlayerBar() {
  const { t } = useTranslation()
  const track = usePlayer(currentTrack)
  if (track === null) return null
  return (
    <section aria-label={t('player.title')} className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] shadow-high">
      <Failure />
      <PreviewHint />
      <div className="mx-auto grid max-w-[96rem] grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-3 pt-2 pb-2.5 md:grid-cols-[minmax(11rem,17rem)_auto_minmax(0,1fr)_auto] md:gap-x-6 md:px-6 md:py-3">
        <NowPlaying track={track} />
        <Transport />
        <Timeline track={track} />
        <div className="hidden items-center md:flex">
          <Volume />
          <Suspense fallback={<span className="size-10" />}><QueuePanel /></Suspense>
          <IconButton label={t('shortcuts.title')} icon="keyboard" className="max-lg:hidden" onClick={() => useShortcutHelp.setState({ open: true })} />
        </div>
      </div>
    </section>
  )
}

/** The reason why it is silent, and the way on. */
function Failure() {
  const { t } = useTranslation()
  const status = usePlayer((state) => state.status)
  const problem = usePlayer((state) => state.problem)
  const more = usePlayer((state) => state.queue !== null && nextOf(state.queue) !== null)
  const text = useProblemText()
  if (status !== 'failed') return null
  const occupied = problem instanceof ApiProblem && ['too-many-streams', 'stream-ended'].includes(problem.slug)
  const action = 'font-semibold underline underline-offset-4'
  return (
    <div role="alert" className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 bg-alarm-tint px-4 py-2 text-sm text-alarm">
      <span>{text(problem)}</span>
      {occupied
        ? <button type="button" className={action} onClick={takeOver}>{t('player.takeOver')}</button>
        : <button type="button" className={action} onClick={retry}>{t('common.retry')}</button>}
      {more && <button type="button" className={action} onClick={next}>{t('player.skip')}</button>}
    </div>
  )
}

/** Says that this is a piece of the track, and how to hear all of it. */
function PreviewHint() {
  const { t } = useTranslation()
  const preview = usePlayer((state) => state.preview && state.status !== 'failed')
  if (!preview) return null
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 bg-tint px-4 py-2 text-sm">
      {t('player.preview')}
      <Link to="/sign-in" className="font-semibold underline underline-offset-4">{t('accounts.signIn')}</Link>
    </p>
  )
}

function NowPlaying({ track }: { track: QueuedTrack }) {
  const opinionOf = useOpinions([track.id])
  return (
    <div className="order-2 flex min-w-0 items-center gap-3 md:order-none">
      <Link to={`/releases/${track.release.id}`} aria-label={track.release.title} className="shrink-0">
        <Cover title={track.release.title} artist={track.artist.name} artwork={track.artwork} sizes="3.5rem" className="size-11 md:size-14" />
      </Link>
      <div className="min-w-0">
        <Link to={`/releases/${track.release.id}?track=${track.id}`} className="block truncate leading-snug font-semibold hover:underline">{track.title}</Link>
        <Link to={`/artists/${track.artist.slug}`} className="block truncate text-sm text-soft hover:text-ink hover:underline">{track.artist.name}</Link>
      </div>
      {track.link === undefined && <LikeButton track={track} liked={opinionOf(track.id)?.liked ?? false} />}
    </div>
  )
}

function Transport() {
  const { t } = useTranslation()
  const status = usePlayer((state) => state.status)
  const more = usePlayer((state) => state.queue !== null && nextOf(state.queue) !== null)
  const on = status === 'playing' || status === 'loading'
  return (
    <div className="order-3 flex items-center gap-1 md:order-none">
      <IconButton label={t('player.previous')} icon="previous" className="text-ink max-[399px]:hidden" onClick={previous} />
      <button
        type="button"
        aria-label={t(on ? 'player.pause' : 'player.play')}
        title={t(on ? 'player.pause' : 'player.play')}
        onClick={toggle}
        className="relative inline-flex size-12 items-center justify-center rounded-full bg-accent text-on-accent transition hover:bg-accent-strong"
      >
        <Icon name={on ? 'pause' : 'play'} className="size-6" />
        {status === 'loading' && <Spinner className="absolute -inset-0.5 size-13 text-accent-strong opacity-70 [stroke-width:1]" />}
      </button>
      <IconButton label={t('player.next')} icon="next" className="text-ink" disabled={!more} onClick={next} />
      <span className="md:hidden"><Suspense fallback={<span className="block size-10" />}><QueuePanel /></Suspense></span>
    </div>
  )
}

function Timeline({ track }: { track: QueuedTrack }) {
  const positionMs = usePlayer((state) => state.positionMs)
  const durationMs = usePlayer((state) => state.durationMs)
  const waveform = useQuery(waveformQuery(track))
  const me = useMe().data
  const bookmark = useBookmark(track.id)
  return (
    <div className="figures order-1 col-span-2 flex items-center gap-3 text-xs text-soft md:order-none md:col-span-1 md:text-sm">
      <span className="w-10 text-right">{clock(positionMs)}</span>
      <Waveform peaks={waveform.data?.peaks ?? null} mark={bookmark?.position_ms} className="h-8 min-w-0 flex-1 md:h-12" />
      <span className="w-10">{clock(durationMs)}</span>
      {me && track.link === undefined && <BookmarkButton track={track} bookmark={bookmark} />}
    </div>
  )
}

function Volume() {
  const { t } = useTranslation()
  const volume = usePlayer((state) => state.volume)
  const muted = usePlayer((state) => state.muted)
  const heard = muted ? 0 : volume
  return (
    <div className="flex items-center">
      <IconButton label={t(muted ? 'player.unmute' : 'player.mute')} icon={heard === 0 ? 'muted' : heard < 0.5 ? 'quiet' : 'loud'} onClick={toggleMute} />
      <input
        type="range"
        aria-label={t('player.volume')}
        min={0}
        max={100}
        value={Math.round(heard * 100)}
        onChange={(event) => setVolume(event.target.valueAsNumber / 100)}
        className="volume hidden w-24 lg:block"
        style={{ backgroundSize: `${heard * 100}% 100%` }}
      />
    </div>
  )
}
