const storageKey = 'legato.volume'

/** The volume of the last visit, 0 to 1. */
export function readVolume(): number {
  try {
    const stored = Number.parseFloat(localStorage.getItem(storageKey) ?? '')
    return stored >= 0 && stored <= 1 ? stored : 1
  } catch {
    return 1
  }
}

export function storeVolume(volume: number): void {
  try {
    localStorage.setItem(storageKey, String(volume))
  } catch {
    // Storage is blocked: the volume lasts as long as the page.
  }
}
