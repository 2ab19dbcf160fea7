import { answer, api } from '../../api/client'
import type { Play } from '../../api/types'
import type { QueuedTrack } from './queue'
import { acceptList, browserEars } from './sound'

/** Asks for a track; `instead` of what plays on the account's other devices. */
export async function askForPlay({ id, link }: QueuedTrack, instead: boolean): Promise<Play> {
  return answer(api.POST('/api/v1/plays', { body: { track_id: id, accept: acceptList(browserEars()), link, take_over: instead } }))
}

/** A minute of margin: the last segments of a track must still be granted. */
export function expired(play: Play): boolean {
  return new Date(play.expires_at).getTime() - 60_000 < Date.now()
}
