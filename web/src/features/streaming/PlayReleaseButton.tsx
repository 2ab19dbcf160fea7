import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ReleaseSummary } from '../../api/types'
import { useProblemText } from '../../i18n/problemText'
import { Spinner } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { showToast } from '../../ui/toasts'
import { releaseQuery } from '../artists/queries'
import { currentTrack, playTracks, toggle, usePlayer, warmUp } from './player'

interface PlayReleaseButtonProps {
  release: Pick<ReleaseSummary, 'id' | 'title'>
  withLabel?: boolean
  className?: string
}

/** Plays a release from its first track, or pauses it while it is what plays. */
export function PlayReleaseButton({ release, withLabel = false, className = '' }: PlayReleaseButtonProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const problemText = useProblemText()
  const current = usePlayer((state) => currentTrack(state)?.release.id === release.id)
  const playing = usePlayer((state) => current && (state.status === 'playing' || state.status === 'loading'))
  const starting = useMutation({
    mutationFn: () => client.fetchQuery(releaseQuery(release.id)),
    onSuccess: (full) => playTracks(full.tracks),
    onError: (problem) => showToast({ title: problemText(problem) }),
  })
  const comeNear = () => {
    warmUp()
    void client.prefetchQuery(releaseQuery(release.id))
  }
  return (
    <button
      type="button"
      aria-label={t(playing ? 'player.pauseRelease' : 'player.playRelease', { title: release.title })}
      onPointerEnter={comeNear}
      onFocus={comeNear}
      onClick={() => (current ? toggle() : starting.mutate())}
      className={`inline-flex h-12 items-center justify-center gap-2 rounded-full bg-accent font-semibold text-on-accent shadow-low transition hover:bg-accent-strong ${withLabel ? 'px-6' : 'w-12'} ${className}`}
    >
      {starting.isPending ? <Spinner className="size-5" /> : <Icon name={playing ? 'pause' : 'play'} />}
      {withLabel && t(playing ? 'player.pause' : 'player.play')}
    </button>
  )
}
