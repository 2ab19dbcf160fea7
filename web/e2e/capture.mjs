// What walks that listen to seams share: the piece that tests upload in parts, and how a recording compares with it.

export const rate = 48_000

/** The piece: no two places of it sound alike. */
export function piece(at) {
  const t = at / rate
  const turns = [220 * t, 300 * t + 40 * t * t, 1733 * t + Math.sin(4 * t)]
  return 0.2 * turns.reduce((sum, turn) => sum + Math.sin(2 * Math.PI * turn), 0)
}

/** How many samples too many lie at the seam, and the least that the music stands out from what is wrong with it, in dB. */
export function measure(captured, seam) {
  const before = place(captured, seam - rate / 2, 0, captured.length)
  const after = place(captured, seam + rate / 2, before + rate - 2_000, before + rate + 2_000)
  const shift = before - (seam - rate / 2)
  // Players turn tracks down, and no two of them may do it differently at a seam.
  const volume = loudness(captured, shift, seam - rate / 2, seam)
  let worst = Infinity
  for (let start = seam - 1_920; start < seam + 1_920; start += 240) {
    let [music, wrong] = [0, 1e-9]
    for (let at = start; at < start + 240; at += 1) {
      const wanted = volume * piece(at)
      music += wanted ** 2
      wrong += (captured[shift + at] - wanted) ** 2
    }
    worst = Math.min(worst, 10 * Math.log10(music / wrong))
  }
  return { gap: after - before - rate, worst, volume }
}

/** By how much the piece was turned down between two of its places. */
function loudness(captured, shift, from, to) {
  let [match, power] = [0, 0]
  for (let at = from; at < to; at += 1) {
    match += captured[shift + at] * piece(at)
    power += piece(at) ** 2
  }
  return match / power
}

/** Where in the capture, between `low` and `high`, the piece from `at` on is. */
function place(captured, at, low, high) {
  const length = 2_400
  const wanted = Float32Array.from({ length }, (_, index) => piece(at + index))
  let [best, found] = [-Infinity, 0]
  for (let start = Math.max(0, low); start <= Math.min(high, captured.length - length); start += 1) {
    let [match, power] = [0, 1e-9]
    for (let index = 0; index < length; index += 1) {
      match += captured[start + index] * wanted[index]
      power += captured[start + index] ** 2
    }
    if (match / Math.sqrt(power) > best) [best, found] = [match / Math.sqrt(power), start]
  }
  return found
}

export function equal(what, given, expected) {
  if (given !== expected) throw new Error(`${what}: ${given}, not ${expected}`)
}
