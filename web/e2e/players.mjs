// The players that others build upon, on one track: hls.js on the playlist, dash.js and Shaka on the manifest.
// Each must play it to its end and know its length to a millisecond, with Opus and without loss.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { walk } from './browser.mjs'

const { resolve } = createRequire(import.meta.url)
const { LEGATO_E2E_HLS: hls, LEGATO_E2E_DASH: dash, LEGATO_E2E_SECONDS: seconds } = process.env
const length = Number(seconds)
/** Longer than any of this takes, also beside others on a busy machine. */
const patienceMs = 45_000
/** A stretch before the end, long enough to hear that it goes on. */
const stretch = 1.5

const players = {
  'hls.js': { file: 'hls.js/dist/hls.js', url: hls, start: startHls },
  'dash.js': { file: 'dashjs', url: dash, start: startDash },
  Shaka: { file: 'shaka-player/dist/shaka-player.compiled.js', url: dash, start: startShaka },
  'Shaka on HLS': { file: 'shaka-player/dist/shaka-player.compiled.js', url: hls, start: startShaka },
}

await walk('players', async (page, step) => {
  for (const codec of ['opus', 'flac']) {
    for (const [name, player] of Object.entries(players)) {
      await step(`${name} plays ${codec}`, () => plays(page, codec, player))
    }
  }
})

/** Loads the player into an empty page of the server's, and plays the last stretch of the track. */
async function plays(page, codec, { file, url, start }) {
  // The web app's policy allows no script of others: the healthy answer is a page without one.
  await page.goto('/healthz')
  await within(page, 'to load its program', page.evaluate(readFileSync(resolve(file), 'utf8')))
  await within(page, 'for an element', page.evaluate(() => document.body.replaceChildren(document.createElement('audio'))))
  const played = await within(page, 'to begin', page.evaluate(start, { url: new URL(url, page.url()).href, codec }))
  const told = await within(page, 'for the end', page.evaluate(listen, { stretch }))
  if (Math.abs(told.duration - length) > 0.001) throw new Error(`it lasts ${told.duration} s, not ${length}`)
  // Where it was not played, it need not be buffered.
  const [from, to] = told.buffered.at(-1)
  if (from > length - stretch || Math.abs(to - length) > 0.001) throw new Error(`it is buffered from ${from} to ${to} s`)
  return `${played}, ${told.duration.toFixed(4)} s`
}

/** What the page does, unless it takes too long: then how the element stands is told. */
async function within(page, what, work) {
  let timer
  const late = new Promise((_, failed) => { timer = setTimeout(failed, patienceMs, new Error(`waited ${patienceMs / 1000} s ${what}`)) })
  try {
    return await Promise.race([work, late])
  } catch (fault) {
    // The page itself may be what hangs.
    const asked = page.evaluate(standing).catch((cause) => String(cause))
    const silent = new Promise((done) => { setTimeout(done, 2_000, 'the page does not answer') })
    throw new Error(`${fault.message}; ${await Promise.race([asked, silent])}`, { cause: fault })
  } finally {
    clearTimeout(timer)
  }
}

/* What follows runs in the page. */

function standing() {
  const audio = document.querySelector('audio')
  if (!audio) return 'there is no element'
  const ranges = Array.from({ length: audio.buffered.length }, (_, index) => `${audio.buffered.start(index)}–${audio.buffered.end(index)}`)
  return `the element is at ${audio.currentTime} of ${audio.duration} s, buffered ${ranges.join(', ') || 'nothing'}, ready ${audio.readyState}, error ${audio.error?.message ?? 'none'}`
}

async function startHls({ url, codec }) {
  const audio = document.querySelector('audio')
  const player = new globalThis.Hls({ enableWorker: false })
  const parsed = new Promise((done, failed) => {
    player.on('hlsManifestParsed', done)
    player.on('hlsError', (_event, data) => data.fatal && failed(new Error(data.details)))
  })
  player.loadSource(url)
  player.attachMedia(audio)
  await parsed
  const level = player.levels.findIndex((found) => found.audioCodec?.toLowerCase() === codec)
  if (level < 0) throw new Error(`no ${codec} among ${player.levels.map((found) => found.audioCodec)}`)
  player.currentLevel = level
  return player.levels[level].url[0].split('/').at(-2)
}

async function startDash({ url, codec }) {
  const player = globalThis.dashjs.MediaPlayer().create()
  const initialized = new Promise((done, failed) => {
    player.on('streamInitialized', done)
    player.on('error', ({ error }) => failed(new Error(error?.message ?? 'dash.js failed')))
  })
  player.setCustomInitialTrackSelectionFunction((tracks) => tracks.filter((track) => track.codec.toLowerCase().includes(codec)))
  player.initialize(document.querySelector('audio'), url, false)
  await initialized
  const track = player.getCurrentTrackFor('audio')
  if (!track.codec.toLowerCase().includes(codec)) throw new Error(`it took ${track.codec}`)
  return track.codec
}

async function startShaka({ url, codec }) {
  const player = new globalThis.shaka.Player()
  player.configure({ abr: { enabled: false }, preferredAudioCodecs: [codec === 'flac' ? 'fLaC' : codec] })
  await player.attach(document.querySelector('audio'))
  await player.load(url)
  const track = player.getVariantTracks().find((found) => found.active)
  if (track.audioCodec?.toLowerCase() !== codec) throw new Error(`it took ${track.audioCodec}`)
  return track.audioCodec
}

/** Plays the last stretch to the end. */
async function listen({ stretch: last }) {
  const audio = document.querySelector('audio')
  const once = (event) => new Promise((done, failed) => {
    audio.addEventListener(event, done, { once: true })
    audio.addEventListener('error', () => failed(new Error(audio.error?.message ?? 'the element failed')), { once: true })
  })
  if (!(audio.duration > 0)) await once('loadedmetadata')
  await audio.play()
  audio.currentTime = audio.duration - last
  // dash.js sometimes leaves the source open, and the element then stands at its last sample without saying so.
  const stands = async () => {
    while (audio.currentTime < audio.duration) await new Promise((done) => { setTimeout(done, 100) })
  }
  await Promise.race([once('ended'), stands()])
  const buffered = Array.from({ length: audio.buffered.length }, (_, index) => [audio.buffered.start(index), audio.buffered.end(index)])
  return { duration: audio.duration, buffered }
}
