import { lazy, Suspense, useEffect } from 'react'
import { Route, Routes, useLocation, useNavigationType } from 'react-router'
import { ArtistPage } from './features/artists/ArtistPage'
import { HomePage } from './features/artists/HomePage'
import { ReleasePage } from './features/artists/ReleasePage'
import { PlayerBar } from './features/streaming/PlayerBar'
import { ShortcutHelp } from './features/streaming/ShortcutHelp'
import { usePlayer } from './features/streaming/player'
import { Footer } from './Footer'
import { Header } from './Header'
import { useLive } from './live/useLive'
import { NotFound } from './NotFound'
import { PageBoundary } from './PageBoundary'
import { Block, Loading } from './ui/Notice'
import { Toasts } from './ui/Toasts'

const SearchPage = lazy(() => import('./features/search/SearchPage'))
const SignIn = lazy(() => import('./features/accounts/doors').then(({ SignIn: page }) => ({ default: page })))
const InboxPage = lazy(() => import('./features/notifications/InboxPage'))
const Studio = lazy(() => import('./features/studio/Studio'))

/** The frame that stays while pages change: so does the music. */
export function App() {
  const playing = usePlayer((state) => state.queue !== null)
  const { pathname } = useLocation()
  useLive()
  useTopOfPage()
  return (
    <div className={`flex min-h-dvh flex-col ${playing ? 'pb-32 md:pb-24' : ''}`}>
      <Header />
      <main id="content" tabIndex={-1} className="relative z-0 mx-auto w-full max-w-[84rem] flex-1 px-4 pt-6 pb-16 outline-none sm:px-8 sm:pt-8">
        <PageBoundary key={pathname}>
          <Suspense fallback={<Loading><Block className="h-10 w-64" /></Loading>}>
            <Pages />
          </Suspense>
        </PageBoundary>
      </main>
      <Footer />
      <PlayerBar />
      <ShortcutHelp />
      <Toasts />
    </div>
  )
}

function Pages() {
  return (
    <Routes>
      <Route index element={<HomePage />} />
      <Route path="artists/:slug" element={<ArtistPage />} />
      <Route path="releases/:id" element={<ReleasePage />} />
      <Route path="search" element={<SearchPage />} />
      <Route path="sign-in" element={<SignIn />} />
      <Route path="sign-up" element={<SignUp />} />
      <Route path="inbox" element={<InboxPage />} />
      <Route path="studio/*" element={<Studio />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}

/** A new page begins at its top, with the focus in it; going back leaves the scroll to the browser. */
function useTopOfPage(): void {
  const { pathname } = useLocation()
  const kind = useNavigationType()
  useEffect(() => {
    if (kind === 'POP') return
    window.scrollTo(0, 0)
    document.getElementById('content')?.focus({ preventScroll: true })
    // The path is what makes it a new page.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [pathname, kind])
}
