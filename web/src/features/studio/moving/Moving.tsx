import type { Artist } from '../../../api/types'
import { BringIn } from './BringIn'
import { TakeAlong } from './TakeAlong'

/** An artist goes, and comes, with everything. */
export function Moving({ artist }: { artist: Artist }) {
  return (
    <>
      <TakeAlong artistId={artist.id} />
      <BringIn artistId={artist.id} />
    </>
  )
}
