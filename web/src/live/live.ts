import { create } from 'zustand'
import { backOff, liveEventTypes, readLiveEvent, type LiveEvent } from './liveEvent'

/** Whether events arrive; while they do not, pages that wait for something ask now and then. */
export const useLiveState = create<{ connected: boolean }>(() => ({ connected: false }))

interface Listener {
  onEvent: (event: LiveEvent) => void
  /** The channel came back without what was said meanwhile: fetch again what may have changed. */
  onGap: () => void
  /** The server refused the channel: the session may have ended. */
  onRefused: () => void
}

/** Opens the one live channel of this page; the answer closes it. */
export function openLive(listener: Listener): () => void {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let lost = false

  const connect = () => {
    source = new EventSource('/api/v1/live')
    source.addEventListener('open', () => {
      attempt = 0
      useLiveState.setState({ connected: true })
      if (lost) listener.onGap()
      lost = false
    })
    source.addEventListener('error', () => {
      useLiveState.setState({ connected: false })
      // The browser reconnects by itself after a broken line and names the last event it saw,
      // but it gives up after a refusal (a restarting proxy, say), and forgets that name.
      if (source?.readyState !== EventSource.CLOSED) return
      lost = true
      listener.onRefused()
      timer = setTimeout(connect, backOff(attempt++))
    })
    for (const type of liveEventTypes) {
      source.addEventListener(type, (message: MessageEvent<string>) => {
        const event = readLiveEvent(type, message.data)
        if (event) listener.onEvent(event)
      })
    }
  }

  connect()
  return () => {
    clearTimeout(timer)
    source?.close()
    useLiveState.setState({ connected: false })
  }
}
