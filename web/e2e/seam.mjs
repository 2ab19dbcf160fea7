// Two tracks that were cut from one piece, one behind the other in one SourceBuffer as docs/API.md tells ("Gapless"):
// what Chromium gives must be the piece itself, to the sample, with nothing to be heard where it was cut.
import { walk } from './browser.mjs'
import { equal, measure, piece, rate } from './capture.mjs'

const { LEGATO_E2E_FIRST: first, LEGATO_E2E_SECOND: second, LEGATO_E2E_SEAM_MS: seamMs } = process.env
const seam = (Number(seamMs) * rate) / 1000
/** Where listening begins: before the seam. */
const from = seam - rate

await walk('seam', async (page, step) => {
  // A page of the server's that has no policy: the recorder is a script of its own.
  await page.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: '<title>empty</title>' }))
  await step('the measure finds a gap', async () => {
    const whole = Float32Array.from({ length: 3 * rate }, (_, at) => piece(from + at))
    const broken = Float32Array.from(whole, (_, at) => (at < rate ? whole[at] : whole[Math.max(rate, at - 7)]))
    equal('of a gap of 7 samples', measure(broken, seam).gap, 7)
    equal('of none', measure(whole, seam).gap, 0)
  })
  for (const codec of ['opus', 'flac']) {
    await step(`${codec} has no seam`, async () => {
      await page.goto('/empty')
      await page.mouse.click(10, 10)
      const [one, two] = [await fetchTrack(first, codec), await fetchTrack(second, codec)]
      const captured = await page.evaluate(play, { one, two, codec, seconds: seam / rate, from: from / rate })
      const { gap, worst } = measure(Float32Array.from(captured), seam)
      equal('samples between the tracks', gap, 0)
      // What a rendition of 128 kbit/s keeps of this piece; silence or a click would be near 0.
      if (worst < 20) throw new Error(`the music stands out by ${worst.toFixed(1)} dB only`)
      return `${worst.toFixed(1)} dB in the worst 5 ms around it`
    })
  }
})

async function text(url) {
  return (await (await fetch(url)).text()).split('\n')
}

/** A whole track as it is appended, in base64. */
async function fetchTrack(master, codec) {
  const url = new URL((await text(master)).find((line) => line.startsWith(`${codec}_cmaf`)), master)
  const names = (await text(url)).filter((line) => line.endsWith('.m4s'))
  const files = ['init.mp4', ...names].map(async (name) => Buffer.from(await (await fetch(new URL(name, url))).arrayBuffer()))
  const bytes = await Promise.all(files)
  // FLAC's last frame holds what it says and no more.
  if (codec === 'opus') wholeLastPacket(bytes.at(-1))
  return Buffer.concat(bytes).toString('base64')
}

/** The last packet holds more than its duration says; a browser plays all of it, unless a window tells it where to stop. */
function wholeLastPacket(segment) {
  const [tfhd, trun] = [segment.indexOf('tfhd'), segment.indexOf('trun')]
  const hasDurations = (segment.readUInt32BE(trun + 4) & 0x1_00) !== 0
  // Each packet of such a run has a duration and a size; the usual duration stands behind the track's number.
  if (hasDurations) segment.writeUInt32BE(segment.readUInt32BE(tfhd + 12), trun - 4 + segment.readUInt32BE(trun - 4) - 8)
}

/* What follows runs in the page. */

async function play({ one, two, codec, seconds, from: start }) {
  const audio = document.body.appendChild(document.createElement('audio'))
  const media = new MediaSource()
  audio.src = URL.createObjectURL(media)
  await new Promise((done) => media.addEventListener('sourceopen', done, { once: true }))
  const buffer = media.addSourceBuffer(`audio/mp4; codecs="${codec}"`)
  const append = async (base64) => {
    const bytes = await (await fetch(`data:audio/mp4;base64,${base64}`)).arrayBuffer()
    const done = new Promise((ended) => buffer.addEventListener('updateend', ended, { once: true }))
    buffer.appendBuffer(bytes)
    await done
  }
  buffer.appendWindowEnd = seconds
  await append(one)
  buffer.appendWindowEnd = Infinity
  buffer.timestampOffset = seconds
  buffer.appendWindowStart = seconds
  await append(two)
  media.endOfStream()

  const context = new AudioContext({ sampleRate: 48_000 })
  const tap = `registerProcessor('tap', class extends AudioWorkletProcessor {
    process([[left]]) { if (left) this.port.postMessage(left.slice()); return true }
  })`
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([tap], { type: 'text/javascript' })))
  const node = new AudioWorkletNode(context, 'tap')
  const heard = []
  node.port.addEventListener('message', ({ data }) => heard.push(...data))
  node.port.start()
  context.createMediaElementSource(audio).connect(node).connect(context.destination)
  await context.resume()
  audio.currentTime = start
  await audio.play()
  await new Promise((done) => { setTimeout(done, 3_000) })
  return heard
}
