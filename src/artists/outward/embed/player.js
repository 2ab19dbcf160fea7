// The player that stands in pages of others. It asks for each track as a stranger does, and plays its whole file.
'use strict'

const audio = document.getElementById('audio')
const play = document.getElementById('play')
const seek = document.getElementById('seek')
const time = document.getElementById('time')
const problem = document.getElementById('problem')
const tracks = [...document.querySelectorAll('button[data-track]')]

/** What is on, by its place in the list; nothing yet. */
let current = -1
/** Each start is newer than the ones before it: what an older one was granted comes too late. */
let starts = 0
let isSeeking = false

const formats = ['audio/ogg; codecs=opus', 'audio/mpeg', 'audio/flac'].filter((format) => audio.canPlayType(format))

/** Where a track is heard: granted by the server, or, where a frame may not ask, the file that the artist gives to all. */
async function source(track) {
  try {
    const answer = await fetch('/api/v1/plays', {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ track_id: track.dataset.track, accept: formats }),
    })
    const stream = answer.ok ? (await answer.json()).stream : null
    if (stream) return { url: stream.url, gain: stream.gain_db }
  } catch {
    // A frame without an origin of its own may not read the answer.
  }
  return track.dataset.file ? { url: track.dataset.file, gain: 0 } : null
}

async function start(index) {
  const track = tracks[index]
  const mine = (starts += 1)
  audio.pause()
  current = index
  show()
  problem.hidden = true
  const found = await source(track)
  if (mine !== starts) return
  if (!found) {
    problem.hidden = false
    return
  }
  audio.src = found.url
  // The common loudness, as far as turning down leads to it.
  audio.volume = Math.min(1, 10 ** (found.gain / 20))
  announce(track)
  await audio.play().catch((fault) => {
    // Another start took its place, or the browser wants one more press.
    if (fault.name !== 'AbortError' && fault.name !== 'NotAllowedError') problem.hidden = false
  })
}

function announce(track) {
  if (!('mediaSession' in navigator)) return
  const cover = document.getElementById('cover')
  navigator.mediaSession.metadata = new MediaMetadata({
    title: track.textContent,
    artist: track.dataset.artist,
    artwork: cover ? [{ src: cover.src }] : [],
  })
  navigator.mediaSession.setActionHandler('nexttrack', tracks[current + 1] ? () => start(current + 1) : null)
  navigator.mediaSession.setActionHandler('previoustrack', tracks[current - 1] ? () => start(current - 1) : null)
}

function clock(seconds) {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

function show() {
  const isOn = !audio.paused && !audio.ended
  play.textContent = isOn ? '\u23F8\uFE0E' : '\u25B6\uFE0E'
  play.setAttribute('aria-label', isOn ? 'Pause' : 'Play')
  tracks.forEach((track, index) => {
    if (index === current) track.setAttribute('aria-current', 'true')
    else track.removeAttribute('aria-current')
  })
  const length = current < 0 ? 0 : Number(tracks[current].dataset.seconds)
  seek.max = String(Number.isFinite(audio.duration) ? audio.duration : length)
  seek.disabled = !audio.src
  if (!isSeeking) seek.value = String(audio.currentTime)
  seek.setAttribute('aria-valuetext', `${clock(Number(seek.value))} of ${clock(Number(seek.max))}`)
  time.textContent = clock(Number(seek.value))
}

play.disabled = tracks.length === 0
play.addEventListener('click', () => {
  if (current < 0 || !audio.src) void start(Math.max(current, 0))
  else if (audio.paused) void audio.play().catch(() => start(current))
  else audio.pause()
})
tracks.forEach((track, index) => track.addEventListener('click', () => void start(index)))
seek.addEventListener('input', () => {
  isSeeking = true
  show()
})
seek.addEventListener('change', () => {
  isSeeking = false
  audio.currentTime = Number(seek.value)
})
for (const event of ['play', 'pause', 'timeupdate', 'durationchange', 'seeked']) audio.addEventListener(event, show)
audio.addEventListener('ended', () => {
  show()
  if (tracks[current + 1]) void start(current + 1)
})
audio.addEventListener('error', () => {
  if (audio.src) problem.hidden = false
})
