import { lazy, Suspense, useEffect } from 'react'
import { Route, Routes, useLocation, useNavigationType } from 'react-router'
import { useProof } from './api/proof'
import { letterPages } from './features/accounts/letterPages'
import { useMe } from './features/accounts/session'
import { ArtistPage } from './features/artists/ArtistPage'
import { HomePage } from './features/artists/HomePage'
import { ReleasePage } from './features/artists/ReleasePage'
import { TrackPage } from './features/artists/TrackPage'
import { PlayerBar } from './features/streaming/PlayerBar'
import { ShortcutHelp } from './features/streaming/ShortcutHelp'
import { usePlayer } from './features/streaming/player'
import { Footer } from './Footer'
import { Header } from './Header'
import { startTextsOf, type Part } from './i18n'
import { useLive } from './live/useLive'
import { NotFound } from './NotFound'
import { PageBoundary } from './PageBoundary'
import { Block, Loading } from './ui/Notice'
import { Toasts } from './ui/Toasts'

const BrowsePage = lazy(() => import('./features/artists/BrowsePage'))
const SearchPage = lazy(() => import('./features/search/SearchPage'))
const SignIn = lazy(() => worded(import('./features/accounts/SignIn')))
const SignUp = lazy(() => worded(import('./features/accounts/SignUp')))
const LetterPage = lazy(() => worded(import('./features/accounts/LetterPage')))
const Reauthentication = lazy(() => worded(import('./features/accounts/Reauthentication')))
const Settings = lazy(() => worded(import('./features/accounts/settings/Settings')))
const Administration = lazy(() => worded(import('./features/accounts/administration/Administration')))
const LibraryPage = lazy(() => import('./features/streaming/library/LibraryPage'))
const GoOn = lazy(() => import('./features/streaming/library/GoOn'))
const InboxPage = lazy(() => import('./features/notifications/InboxPage'))
const InvitationsPage = lazy(() => import('./features/studio/people/InvitationsPage'))
const LinkPage = lazy(() => import('./features/artists/LinkPage'))
const PlaylistsPage = lazy(() => worded(import('./features/playlists/PlaylistsPage'), 'playlists'))
const PlaylistPage = lazy(() => worded(import('./features/playlists/PlaylistPage'), 'playlists'))
const PersonPage = lazy(() => worded(import('./features/company/PersonPage'), 'playlists'))
const RoomPage = lazy(() => worded(import('./features/rooms/RoomPage'), 'rooms'))
const Studio = lazy(() => worded(import('./features/studio/Studio'), 'studio'))

/** A page together with the texts that it needs beside everybody's. */
async function worded<Page>(page: Promise<Page>, part: Part = 'accounts'): Promise<Page> {
  await startTextsOf(part)
  return page
}

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
        <PageBoundary key={area(pathname)}>
          <Suspense fallback={<Loading><Block className="h-10 w-64" /></Loading>}>
            <Pages />
          </Suspense>
        </PageBoundary>
      </main>
      <Footer />
      <KeptQueue />
      <PlayerBar />
      <ShortcutHelp />
      <Toasts />
      <Proof />
    </div>
  )
}

/** The settings and the library are pages with parts: their frames stay while these change. */
function area(pathname: string): string {
  return /^\/(settings|admin|library)(?=\/|$)/.exec(pathname)?.[0] ?? pathname
}

function Pages() {
  return (
    <Routes>
      <Route index element={<HomePage />} />
      <Route path="artists/:slug" element={<ArtistPage />} />
      <Route path="releases/:id" element={<ReleasePage />} />
      <Route path="tracks/:id" element={<TrackPage />} />
      <Route path="links/:token" element={<LinkPage />} />
      <Route path="browse" element={<BrowsePage />} />
      <Route path="search" element={<SearchPage />} />
      <Route path="sign-in" element={<SignIn />} />
      <Route path="sign-up" element={<SignUp />} />
      {letterPages.map((page) => <Route key={page} path={page} element={<LetterPage page={page} />} />)}
      <Route path="settings/*" element={<Settings />} />
      <Route path="admin/*" element={<Administration />} />
      <Route path="library/:part?" element={<LibraryPage />} />
      <Route path="playlists" element={<PlaylistsPage />} />
      <Route path="playlists/:id" element={<PlaylistPage />} />
      <Route path="people/:handle" element={<PersonPage />} />
      <Route path="rooms/:id" element={<RoomPage />} />
      <Route path="inbox" element={<InboxPage />} />
      <Route path="invitations" element={<InvitationsPage />} />
      <Route path="studio/*" element={<Studio />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}

/** Whoever is signed in has one queue for all devices. */
function KeptQueue() {
  const me = useMe().data
  return me ? <Suspense fallback={null}><GoOn key={me.id} /></Suspense> : null
}

/** Asks whoever is signed in for one more proof, over any page. */
function Proof() {
  const asked = useProof((state) => state.asked)
  const me = useMe().data
  return asked && me ? <Suspense fallback={null}><Reauthentication me={me} /></Suspense> : null
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
