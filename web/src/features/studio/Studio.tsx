import { Route, Routes } from 'react-router'
import { NotFound } from '../../NotFound'
import { RequireAccount } from '../accounts/RequireAccount'
import { ArtistProfilePage } from './ArtistProfilePage'
import { TablePage } from './bulk/TablePage'
import { EarningsPage } from './earnings/EarningsPage'
import { ArtistHistoryPage, ReleaseHistoryPage, TrackHistoryPage } from './history/HistoryPages'
import { LinksPage } from './links/LinksPage'
import { PeoplePage } from './people/PeoplePage'
import { ReleaseDetailsPage } from './release/ReleaseDetailsPage'
import { StudioArtistPage } from './StudioArtistPage'
import { StudioPage } from './StudioPage'
import { StudioReleasePage } from './StudioReleasePage'
import { AudioPage } from './track/AudioPage'
import { SharesPage } from './track/SharesPage'
import { TrackDetailsPage } from './track/TrackDetailsPage'

/** Everything behind /studio: its own chunk, since listeners need none of it. */
export default function Studio() {
  return (
    <RequireAccount>
      <Routes>
        <Route index element={<StudioPage />} />
        <Route path="artists/:slug" element={<StudioArtistPage />} />
        <Route path="artists/:slug/profile" element={<ArtistProfilePage />} />
        <Route path="artists/:slug/history" element={<ArtistHistoryPage />} />
        <Route path="artists/:slug/people" element={<PeoplePage />} />
        <Route path="artists/:slug/earnings" element={<EarningsPage />} />
        <Route path="releases/:id" element={<StudioReleasePage />} />
        <Route path="releases/:id/details" element={<ReleaseDetailsPage />} />
        <Route path="releases/:id/table" element={<TablePage />} />
        <Route path="releases/:id/links" element={<LinksPage />} />
        <Route path="releases/:id/history" element={<ReleaseHistoryPage />} />
        <Route path="tracks/:id" element={<TrackDetailsPage />} />
        <Route path="tracks/:id/shares" element={<SharesPage />} />
        <Route path="tracks/:id/audio" element={<AudioPage />} />
        <Route path="tracks/:id/history" element={<TrackHistoryPage />} />
        <Route path="*" element={<NotFound />} />
      </Routes>
    </RequireAccount>
  )
}
