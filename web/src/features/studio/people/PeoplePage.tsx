import { useTranslation } from 'react-i18next'
import { ArtistTabs } from '../ArtistTabs'
import { OwnArtist } from '../OwnArtist'
import { Invitations } from './Invitations'
import { Invite } from './Invite'
import { Labels } from './Labels'
import { Members } from './Members'

/** Who acts for an artist. Everybody who does sees the members; the rest is its owners'. */
export function PeoplePage() {
  const { t } = useTranslation()
  return (
    <OwnArtist>
      {(artist) => (
        <>
          <title>{`${artist.name} · ${t('people.title')} · Legato`}</title>
          <ArtistTabs artist={artist} />
          <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
            <div className="flex min-w-0 flex-col gap-8">
              <Members artist={artist} />
              {artist.role === 'owner' && <Invitations artist={artist} />}
              {artist.role === 'owner' && <Labels artist={artist} />}
            </div>
            {artist.role === 'owner' && <Invite artist={artist} />}
          </div>
        </>
      )}
    </OwnArtist>
  )
}
