import { useEffect } from 'react'
import { queryClient } from '../api/queryClient'
import { useMe } from '../features/accounts/session'
import { receiveNotification } from '../features/notifications/queries'
import { endedElsewhere } from '../features/streaming/player'
import { receiveProgress } from '../features/studio/progress'
import { openLive } from './live'

/** Keeps the live channel open while somebody is signed in, and hands each event to whom it concerns. */
export function useLive(): void {
  const account = useMe().data?.id
  useEffect(() => {
    if (account === undefined) return
    return openLive({
      onEvent: (event) => {
        if (event.type === 'track.progress') receiveProgress(queryClient, event.progress)
        else if (event.type === 'stream.ended') endedElsewhere(event.playIds)
        else if (event.type === 'room') void queryClient.invalidateQueries({ queryKey: ['room', event.roomId] })
        else if (event.type === 'now_playing') void queryClient.invalidateQueries({ queryKey: ['company'] })
        else if (event.type === 'queue.handed_over') void import('../features/streaming/players').then(({ takeQueue }) => takeQueue(event.playerId))
        else receiveNotification(queryClient, event.notification)
      },
      onGap: () => {
        void queryClient.invalidateQueries({ queryKey: ['notifications'] })
        void queryClient.invalidateQueries({ queryKey: ['release'] })
        void queryClient.invalidateQueries({ queryKey: ['room'] })
      },
      onRefused: () => void queryClient.invalidateQueries({ queryKey: ['me'] }),
    })
  }, [account])
}
