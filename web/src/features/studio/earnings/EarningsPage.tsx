import { useTranslation } from 'react-i18next'
import type { Artist } from '../../../api/types'
import { ArtistTabs } from '../ArtistTabs'
import { OwnArtist } from '../OwnArtist'
import { EarningsTable } from './EarningsTable'
import { Statements } from './Statements'
import { Unmatched } from './Unmatched'

/** What an artist earned elsewhere, beside the plays here; and the statements that it comes from. */
export function EarningsPage() {
  return <OwnArtist>{(artist) => <Page artist={artist} />}</OwnArtist>
}

function Page({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  return (
    <>
      <title>{`${t('earnings.title')} · ${artist.name} · Legato`}</title>
      <ArtistTabs artist={artist} />
      <p className="mb-8 max-w-2xl text-soft">{t('earnings.lead')}</p>
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-10">
          <EarningsTable artistId={artist.id} />
          <Unmatched artistId={artist.id} />
        </div>
        <Statements artistId={artist.id} />
      </div>
    </>
  )
}
