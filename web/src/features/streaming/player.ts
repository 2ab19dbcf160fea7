import { create } from 'zustand'
import { ApiProblem } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import type { Play } from '../../api/types'
import { Deck, type Fault } from './deck'
import { askForPlay, expired } from './grant'
import { Hearing } from './hearing'
import { backOrRestart, currentOf, jump, nextOf, queueFrom, type Queue, type QueuedTrack } from './queue'
import { acceptList, browserEars, loadHls } from './sound'
import { tellRest, tellServer } from './tellServer'
import { readVolume, storeVolume } from './volume'
import { waveformQuery } from './waveformQuery'
import { steering } from './wheel'

export interface PlayerState {
  queue: Queue | null
  status: 'loading' | 'playing' | 'paused' | 'failed'
  problem: unknown
  positionMs: number
  durationMs: number
  /** Whether a piece of the track is all that is heard. */
  preview: boolean
  volume: number
  muted: boolean
}

/** What the player shows. Changed by the functions below only. */
export const usePlayer = create<PlayerState>(() => ({
  queue: null, status: 'paused', problem: null, positionMs: 0, durationMs: 0, preview: false, volume: readVolume(), muted: false,
}))

interface Prepared {
  trackId: string
  ready: boolean
  asked: Promise<Play> | null
}

export function currentTrack(state: PlayerState): QueuedTrack | null {
  return state.queue && currentOf(state.queue)
}

const show = usePlayer.setState
const listener = { onChange, onEnded, onFault, onCrossed, onTorn }
let decks: { sounding: Deck; spare: Deck } | null = null
/** Counts intentions: what was begun for an older one is dropped when it arrives. */
let intention = 0
/** The next track, for which a play was asked; `ready` when the spare deck has it. */
let prepared: Prepared | null = null
/** A play of the next track that nobody has heard yet, although this one had to begin anew. */
let unheard: Prepared | null = null
let renewedAt = -Infinity
let avoidSegments = false
/** Whether the next play ends what plays on another device. */
let takesOver = false
/** How long before a track's end the next one is asked for. */
const prepareMs = 20_000
/** Whether the page is about to go: what is told now has to outlive it. */
let leaving = false
const hearing = new Hearing((playId, report) => void tellServer(playId, report, leaving))

/** Plays these tracks from the named one on. */
export function playTracks(tracks: readonly (QueuedTrack & { state?: string })[], startId: string | null = null): void {
  const queue = queueFrom(tracks, startId)
  if (queue) goOn(queue, 0)
}

/** Goes on in a queue, at a place in its current track; `instead` of what plays on the account's other devices. */
export function goOn(queue: Queue, atMs: number, instead = false): void {
  steering()?.leave()
  takesOver = instead
  goTo(queue, atMs)
}

/** For whoever holds the wheel: goes there. */
export function follow(queue: Queue, atMs: number): void {
  const { queue: held, status } = usePlayer.getState()
  const sounding = status === 'failed' || status === 'loading' ? null : decks?.sounding
  if (!sounding?.play || held?.tracks !== queue.tracks || held.at !== queue.at) return goTo(queue, atMs)
  sounding.positionMs = atMs
  show({ positionMs: atMs })
  if (status === 'paused') void sound(sounding)
}

/** The same: rests. */
export function rest(): void {
  intention += 1
  decks?.sounding.pause()
  show({ status: 'paused' })
}

/** The same: plays a little faster or slower, at the same pitch. */
export function setPace(rate: number): void {
  for (const { audio } of decks ? [decks.sounding, decks.spare] : []) if (audio.playbackRate !== rate) audio.playbackRate = rate
}

export function toggle(): void {
  const { queue, status, positionMs } = usePlayer.getState()
  if (queue === null || decks === null) return
  if (status === 'failed') return retry()
  if (status === 'playing' || status === 'loading') return pause()
  const wheel = steering()
  if (wheel) return wheel.play()
  const { sounding } = decks
  // A grant that ran out in a long pause is renewed before it is refused; a queue that ended starts its last track anew.
  if (sounding.play === null || expired(sounding.play)) void begin(sounding.audio.ended ? 0 : positionMs)
  else void sound(sounding)
}

export function pause(): void {
  const wheel = steering()
  if (wheel) wheel.pause()
  else rest()
}

export function next(): void {
  const { queue } = usePlayer.getState()
  if (queue) jumpTo(queue.at + 1)
}

export function previous(): void {
  const { queue, positionMs } = usePlayer.getState()
  if (queue === null) return
  const target = backOrRestart(queue, positionMs)
  if (target === 'restart') seek(0)
  else jumpTo(target.at)
}

export function jumpTo(at: number): void {
  const { queue } = usePlayer.getState()
  const target = queue && jump(queue, at)
  const wheel = steering()
  if (target && wheel) wheel.go(at, 0)
  else if (target) goTo(target)
}

export function seek(ms: number): void {
  const { queue, durationMs, status } = usePlayer.getState()
  if (queue === null || decks === null) return
  const target = Math.min(Math.max(0, ms), Math.max(0, durationMs - 50))
  const wheel = steering()
  if (wheel) return wheel.go(queue.at, target)
  show({ positionMs: target })
  if (status === 'failed' || decks.sounding.play === null) void begin(target)
  else decks.sounding.positionMs = target
}

export function seekBy(ms: number): void {
  seek(livePositionMs() + ms)
}

/** Tries again from where it failed. */
export function retry(): void {
  renewedAt = -Infinity
  avoidSegments = false
  void begin(usePlayer.getState().positionMs)
}

/** Plays here what other devices of the account keep from playing. */
export function takeOver(): void {
  takesOver = true
  retry()
}

/** Another device of the account took over, or ended this one's play. */
export function endedElsewhere(playIds: readonly string[]): void {
  const sounding = decks?.sounding.play?.id
  if (!decks || sounding === undefined || !playIds.includes(sounding)) return
  intention += 1
  decks.sounding.clear()
  dropPrepared()
  show({ status: 'failed', problem: new ApiProblem({ slug: 'stream-ended', title: 'Another device plays now', status: 0 }) })
}

/** Ends playing and forgets the queue. */
export function stop(): void {
  steering()?.leave()
  intention += 1
  hearing.leave('skipped')
  decks?.sounding.clear()
  dropPrepared()
  show({ queue: null, status: 'paused', problem: null, positionMs: 0, durationMs: 0 })
}

export function setVolume(volume: number): void {
  const within = Math.min(1, Math.max(0, volume))
  storeVolume(within)
  show({ volume: within, muted: false })
  applyVolume()
}

export function toggleMute(): void {
  show({ muted: !usePlayer.getState().muted })
  applyVolume()
}

/** The position now, finer than the state's, which moves four times a second. */
export function livePositionMs(): number {
  const { status, positionMs } = usePlayer.getState()
  return status === 'playing' && decks ? decks.sounding.positionMs : positionMs
}

/** Makes and fetches beforehand what a press would have to wait for. */
export function warmUp(): void {
  makeDecks()
  acceptList(browserEars())
  const { tape, nativeHls } = browserEars()
  if (!tape && nativeHls) void loadHls().catch(() => undefined) // The press that needs it will tell.
}

function makeDecks(): { sounding: Deck; spare: Deck } {
  if (decks === null) {
    decks = { sounding: new Deck(listener), spare: new Deck(listener) }
    addEventListener('online', () => void tellRest())
    addEventListener('pagehide', tellBeforeLeaving)
  }
  return decks
}

function tellBeforeLeaving(): void {
  leaving = true
  hearing.hide()
  leaving = false
}

function goTo(queue: Queue, atMs = 0): void {
  const pair = makeDecks()
  hearing.leave('skipped')
  renewedAt = -Infinity
  avoidSegments = false
  const track = currentOf(queue)
  show({ queue, positionMs: atMs, durationMs: track.duration_ms ?? 0, problem: null })
  if (atMs > 0) return void begin(atMs)
  const { following } = pair.sounding
  if (following?.track.id === track.id && !expired(following) && pair.sounding.advance()) {
    intention += 1
    prepared = null
    void sound(pair.sounding)
  } else if (prepared?.trackId === track.id && prepared.ready && pair.spare.play && !expired(pair.spare.play)) {
    takePrepared(pair)
  } else {
    void begin(0)
  }
}

/** The spare deck has the track ready: it takes over without a word to the server. */
function takePrepared(pair: { sounding: Deck; spare: Deck }): void {
  intention += 1
  pair.sounding.clear()
  decks = { sounding: pair.spare, spare: pair.sounding }
  prepared = null
  applyVolume()
  void sound(decks.sounding)
}

/** Asks for the current track and plays it from `atMs`. */
async function begin(atMs: number): Promise<void> {
  const { queue } = usePlayer.getState()
  if (queue === null || decks === null) return
  const mine = ++intention
  const { sounding } = decks
  const track = currentOf(queue)
  // What was asked for already is one play, not two.
  const asked = prepared?.trackId === track.id ? prepared.asked : null
  unheard = prepared && prepared.trackId === nextOf(queue)?.id ? prepared : null
  sounding.clear()
  dropPrepared()
  show({ status: 'loading', problem: null, positionMs: atMs })
  try {
    const early = await asked
    const play = early && !expired(early) ? early : await requestPlay(track)
    if (mine !== intention) return
    show({ durationMs: play.preview?.duration_ms ?? play.track.duration_ms, preview: play.preview !== null })
    if (!(await sounding.prepare(play, atMs, avoidSegments)) || mine !== intention) return
    applyVolume()
    await sound(sounding)
  } catch (problem) {
    if (mine === intention) show({ status: 'failed', problem })
  }
}

async function sound(deck: Deck): Promise<void> {
  const mine = intention
  show({ status: 'loading', problem: null })
  const allowed = await deck.start()
  if (!allowed && mine === intention) show({ status: 'paused' })
}

async function requestPlay(track: QueuedTrack): Promise<Play> {
  const instead = takesOver
  takesOver = false
  return askForPlay(track, instead)
}

function applyVolume(): void {
  const { volume, muted } = usePlayer.getState()
  decks?.sounding.setVolume(muted ? 0 : volume)
  decks?.spare.setVolume(muted ? 0 : volume)
}

function onChange(deck: Deck): void {
  if (deck !== decks?.sounding || deck.play === null) return
  const { audio } = deck
  const { durationMs, status } = usePlayer.getState()
  if (status === 'failed') return
  hearing.at(deck.play, deck.positionMs, !audio.paused && !audio.ended && !audio.seeking)
  if (deck.durationMs > 0) show({ durationMs: deck.durationMs })
  // Until the start position is reached the element still says 0.
  if (audio.readyState >= HTMLMediaElement.HAVE_METADATA && !audio.seeking) show({ positionMs: deck.positionMs })
  if (audio.ended) return
  if (audio.paused) show({ status: deck.wanted ? 'loading' : 'paused' })
  else show({ status: audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !audio.seeking ? 'playing' : 'loading' })
  if (durationMs > 0 && durationMs - deck.positionMs < prepareMs) prepareNext()
}

/** The next track of the release sounds already, without a seam: what is shown follows. */
function onCrossed(deck: Deck): void {
  const { queue } = usePlayer.getState()
  const following = queue && jump(queue, queue.at + 1)
  if (deck !== decks?.sounding || !following || currentOf(following).id !== deck.play?.track.id) return
  hearing.leave('ended')
  renewedAt = -Infinity
  avoidSegments = false
  prepared = null
  show({ queue: following, positionMs: deck.positionMs, durationMs: deck.durationMs, problem: null })
}

function onTorn(deck: Deck): void {
  if (deck === decks?.sounding) doubtPrepared()
}

/** What was prepared is of no use; asking again at once would fail again. Its turn will tell. */
function doubtPrepared(): void {
  if (prepared) prepared = { ...prepared, ready: false, asked: null }
}

function onEnded(deck: Deck): void {
  const { queue, durationMs } = usePlayer.getState()
  if (deck !== decks?.sounding || queue === null) return
  hearing.leave('ended')
  const following = jump(queue, queue.at + 1)
  if (following) return goTo(following)
  deck.wanted = false
  show({ status: 'paused', positionMs: durationMs })
}

/** Gets the next track ready while this one nears its end. A failure here is no matter: its turn will tell. */
function prepareNext(): void {
  const { queue } = usePlayer.getState()
  const track = queue && nextOf(queue)
  if (!track || !decks || prepared?.trackId === track.id) return
  const { spare } = decks
  const asked = (unheard?.trackId === track.id ? unheard.asked : null) ?? requestPlay(track)
  unheard = null
  prepared = { trackId: track.id, ready: false, asked }
  void queryClient.prefetchQuery(waveformQuery(track))
  const stands = () => prepared?.asked === asked
  asked
    .then(async (play) => {
      if (!stands() || !decks) return
      // On the tape of what sounds, without a seam; else on the other deck.
      if ((await decks.sounding.join(play)) || !stands()) return
      const ready = await spare.prepare(play, 0, false)
      if (prepared && stands()) prepared = { ...prepared, ready }
    })
    .catch(() => stands() && doubtPrepared())
}

function dropPrepared(): void {
  prepared = null
  decks?.spare.clear()
}

/**
 * A fault of the network may be a grant that was revoked or ran out: ask for a new one and go on, once in a while.
 * A fault of the media source falls back to the whole file, once per track.
 */
function onFault(deck: Deck, fault: Fault): void {
  if (deck !== decks?.sounding) {
    doubtPrepared()
    return deck.clear()
  }
  const { positionMs } = usePlayer.getState()
  if (fault === 'media' && !avoidSegments) {
    avoidSegments = true
    void begin(positionMs)
  } else if (fault === 'network' && Date.now() - renewedAt > 15_000) {
    renewedAt = Date.now()
    void begin(positionMs)
  } else {
    intention += 1
    deck.clear()
    const slug = fault === 'network' ? 'stream-lost' : 'stream-broken'
    show({ status: 'failed', problem: new ApiProblem({ slug, title: 'The track cannot be played', status: 0 }) })
  }
}
