import { Route, Routes } from 'react-router'
import { NotFound } from '../../NotFound'
import { RequireAccount } from '../accounts/RequireAccount'
import { StudioArtistPage } from './StudioArtistPage'
import { StudioPage } from './StudioPage'
import { StudioReleasePage } from './StudioReleasePage'

/** Everything behind /studio: its own chunk, since listeners need none of it. */
export default function Studio() {
  return (
    <RequireAccount>
      <Routes>
        <Route index element={<StudioPage />} />
        <Route path="artists/:slug" element={<StudioArtistPage />} />
        <Route path="releases/:id" element={<StudioReleasePage />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </RequireAccount>
  )
}
