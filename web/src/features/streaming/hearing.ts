import type { Play } from '../../api/types'

export interface Report {
  position_ms: number
  heard_ms: number
  state: 'playing' | 'paused' | 'ended' | 'skipped'
}

type Heard = Pick<Play, 'id'> & { track: Pick<Play['track'], 'duration_ms'> }

/** The position is looked at several times a second: a longer step was a jump, which nobody heard. */
const longestStepMs = 2_000
const firstMs = 1_000
const everyMs = 30_000

/** Adds up what is heard of one play after another: time, not the place in the track. */
export class Hearing {
  private heard: Heard | null = null
  private heardMs = 0
  private positionMs = 0
  private sounding = false
  private nextMs = firstMs
  private readonly tell: (playId: string, report: Report) => void

  constructor(tell: (playId: string, report: Report) => void) {
    this.tell = tell
  }

  /** Where a play is, and whether it sounds. */
  at(play: Heard, positionMs: number, sounding: boolean): void {
    if (this.heard?.id !== play.id) {
      this.leave('skipped')
      if (!sounding) return
      Object.assign(this, { heard: play, heardMs: 0, positionMs, sounding, nextMs: firstMs })
      return
    }
    const step = positionMs - this.positionMs
    if (this.sounding && step > 0 && step <= longestStepMs) this.heardMs += step
    this.positionMs = positionMs
    if (this.sounding && !sounding) this.report('paused')
    this.sounding = sounding
    if (sounding && this.heardMs >= this.nextMs) this.report('playing')
  }

  /** The play is over, or its listener went on to something else. */
  leave(state: 'ended' | 'skipped'): void {
    this.report(state)
    this.heard = null
  }

  /** The page may be gone in a moment. */
  hide(): void {
    this.report(this.sounding ? 'playing' : 'paused')
  }

  private report(state: Report['state']): void {
    if (this.heard === null || this.heardMs < 1) return
    const neededMs = Math.min(everyMs, this.heard.track.duration_ms / 2)
    this.nextMs = this.heardMs < neededMs ? neededMs : this.heardMs + everyMs
    this.tell(this.heard.id, { position_ms: Math.round(this.positionMs), heard_ms: Math.round(this.heardMs), state })
  }
}
