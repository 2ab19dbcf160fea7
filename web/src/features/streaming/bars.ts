/** The peaks (0 to 255) of a track gathered into `count` bars of 0 to 1: each bar is the loudest of its share. */
export function gather(peaks: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count)
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count))
    let loudest = 0
    for (let index = from; index < to; index += 1) loudest = Math.max(loudest, peaks[index] ?? 0)
    return loudest / 255
  })
}

export interface WaveColours {
  rest: string
  ahead: string
  played: string
}

const pitch = 4
const barWidth = 2.5

/** In how many parts the server draws a track, from the coarsest on. */
const resolutions = [225, 1800, 7200] as const

/** The coarsest resolution that has a part for each bar of a waveform so wide, in CSS pixels. */
export function partsFor(width: number): number {
  return resolutions.find((parts) => parts >= width / pitch) ?? resolutions[2]
}

/** Draws the bars: played in one colour up to `played`, from there to `ahead` (the pointer) in another, both 0 to 1. */
export function drawBars(canvas: HTMLCanvasElement, peaks: readonly number[] | null, played: number, ahead: number | null, colours: WaveColours): void {
  const scale = window.devicePixelRatio || 1
  const width = Math.round(canvas.clientWidth * scale)
  const height = Math.round(canvas.clientHeight * scale)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const context = canvas.getContext('2d')
  if (!context || width === 0) return
  context.clearRect(0, 0, width, height)
  const count = Math.max(1, Math.floor(canvas.clientWidth / pitch))
  const levels = peaks ? gather(peaks, count) : Array.from({ length: count }, () => 0)
  const edge = played * count
  levels.forEach((level, bar) => {
    const tall = Math.max(2 * scale, level * height)
    const x = bar * pitch * scale
    const draw = (from: number, to: number, colour: string) => {
      if (to <= from) return
      context.fillStyle = colour
      context.fillRect(x + from * barWidth * scale, (height - tall) / 2, (to - from) * barWidth * scale, tall)
    }
    const done = Math.min(1, Math.max(0, edge - bar))
    const pointed = ahead !== null && bar < ahead * count
    draw(done, 1, pointed ? colours.ahead : colours.rest)
    draw(0, done, colours.played)
  })
}
