import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { BrowserRouter } from 'react-router'
import { queryClient } from './api/queryClient'
import { App } from './App'
import { followExpiry, followOtherTabs } from './features/accounts/session'
import { followConnection } from './features/streaming/comeBack'
import { followMediaSession } from './features/streaming/mediaSession'
import { warmUp } from './features/streaming/player'
import { followKeys } from './features/streaming/shortcuts'
import { startTexts } from './i18n'
import './styles.css'

await startTexts()
followExpiry()
followOtherTabs()
followMediaSession()
followConnection()
followKeys()
whenIdle(warmUp)

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter>
          <App />
        </BrowserRouter>
      </QueryClientProvider>
    </StrictMode>,
  )
}

/** After the first paint, and where the browser knows it, when nothing else is to do. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work, { timeout: 4000 })
  else setTimeout(work, 1500)
}
