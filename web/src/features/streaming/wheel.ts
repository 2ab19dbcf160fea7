/** Who steers what is heard on this page: what somebody presses goes there, and comes back as what is played. */
export interface Wheel {
  play: () => void
  pause: () => void
  /** Another place in the queue, at a place in its track. */
  go: (at: number, ms: number) => void
  /** Something else is to be heard here. */
  leave: () => void
}

let held: Wheel | null = null

/** Hands what somebody presses to a room; null takes it back. */
export function steerBy(wheel: Wheel | null): void {
  held = wheel
}

/** Who steers, where that is not this page alone. */
export function steering(): Wheel | null {
  return held
}
