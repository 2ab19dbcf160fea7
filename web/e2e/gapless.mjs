// The web player on a release that was cut from one piece: nothing may be heard where its tracks meet, and everything that a
// listener or a network does around there goes on working. LEGATO_E2E_SEAM is where the second track begins, in samples.
import { hear, position, walk } from './browser.mjs'
import { equal, measure, rate } from './capture.mjs'

const { LEGATO_E2E_RELEASE: release, LEGATO_E2E_SEAM } = process.env
const seam = Number(LEGATO_E2E_SEAM)

/** Gives on what it hears. */
const tap = `registerProcessor('tap', class extends AudioWorkletProcessor {
  process([[left]]) { if (left) this.port.postMessage(left.slice()); return true }
})`

await walk('gapless', async (page, step) => {
  const plays = []
  const segments = []
  page.on('response', (answer) => {
    if (answer.request().method() === 'POST' && answer.url().endsWith('/api/v1/plays')) plays.push(answer.json().catch(() => null)) // Of a page that is gone.
  })
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('.m4s')) segments.push({ url: request.url(), at: performance.now() })
  })
  const player = page.getByRole('region', { name: 'Player' })
  const row = (title) => page.getByRole('listitem').getByRole('button', { name: new RegExp(`^(Play|Pause) ${title}`) })
  const sounds = (title) => player.getByRole('link', { name: title, exact: true }).waitFor()
  /** A fresh page, on which nothing was pressed. */
  const open = async () => {
    await page.unrouteAll()
    await page.goto(`/releases/${release}`)
    // The decks are made when a pointer comes near.
    await row('One').hover()
    await page.waitForFunction(() => document.querySelectorAll('audio').length === 2)
    plays.length = 0
    segments.length = 0
  }

  await step('two tracks sound as one', async () => {
    // The recorder is a script of the walk's own, which the page's policy would not allow.
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('Page.setBypassCSP', { enabled: true })
    await open()
    await page.evaluate(record, tap)
    await devtools.send('Page.setBypassCSP', { enabled: false })
    await row('One').click()
    await sounds('Two')
    const crossed = performance.now()
    await page.waitForTimeout(1_500)
    await player.getByRole('button', { name: 'Pause', exact: true }).click()
    const captured = await page.evaluate(() => globalThis.heard)
    const { gap, worst, volume } = measure(Float32Array.from(captured.flat()), seam)
    equal('samples between the tracks', gap, 0)
    if (worst < 20) throw new Error(`the music stands out by ${worst.toFixed(1)} dB only`)
    const [, two] = await Promise.all(plays)
    // The third is asked for early, since the second is short.
    equal('plays of each', await counted(plays), 'One 1, Two 1, Three 1')
    const first = segments.find(({ url }) => url.includes(two.track.id))
    const ahead = crossed - first.at
    if (!(ahead > 1_000)) throw new Error(`the second track came ${ahead} ms before its turn`)
    return `${worst.toFixed(1)} dB in the worst 5 ms around it, at a volume of ${volume.toFixed(2)}; there ${Math.round(ahead)} ms early`
  })

  await step('the place and the length are those of the second track', async () => {
    const slider = page.getByRole('slider', { name: 'Position in the track' })
    equal('its length', Math.round(Number(await slider.getAttribute('aria-valuemax'))), 8)
    if (!(Number(await slider.getAttribute('aria-valuenow')) < 5)) throw new Error(`it is at ${await slider.getAttribute('aria-valuenow')} s`)
    await player.getByRole('button', { name: 'Play', exact: true }).click()
    await slider.press('Home')
    await hear(page, 0.3)
    await sounds('Two')
    const box = await slider.boundingBox()
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    const at = await hear(page, 0.3)
    if (at < seam / rate + 3.5) throw new Error(`the middle of the second track is at ${at} s of the tape`)
    equal('plays of each', await counted(plays), 'One 1, Two 1, Three 1')
  })

  await step('pause and resume behind the seam', async () => {
    await player.getByRole('button', { name: 'Pause', exact: true }).click()
    const stood = await paused(page)
    await page.waitForTimeout(400)
    equal('where it stands', await paused(page), stood)
    await player.getByRole('button', { name: 'Play', exact: true }).click()
    await hear(page, 0.3)
    await sounds('Two')
  })

  await step('back to the first track, which is a play of its own', async () => {
    await player.getByRole('button', { name: 'Previous' }).click()
    if ((await player.getByRole('link', { name: 'Two', exact: true }).count()) > 0) await player.getByRole('button', { name: 'Previous' }).click()
    await sounds('One')
    await hear(page, 0.5)
    const now = await counted(plays)
    if (!now.startsWith('One 2,')) throw new Error(`plays of each: ${now}`)
  })

  await step('skip to what was joined, without a word to the server', async () => {
    await open()
    await row('One').click()
    await hear(page, 0.5)
    await arrival(page, segments, plays, 1)
    await player.getByRole('button', { name: 'Next' }).click()
    await sounds('Two')
    await hear(page, 0.3)
    equal('plays of each', (await counted(plays)).slice(0, 12), 'One 1, Two 1')
  })

  await step('the third track follows when the second was all but skipped', async () => {
    const slider = page.getByRole('slider', { name: 'Position in the track' })
    await slider.press('End')
    await sounds('Three')
    await hear(page, 0.3)
    equal('plays of each', await counted(plays), 'One 1, Two 1, Three 1')
  })

  await step('a track that is withdrawn before its turn', async () => {
    await open()
    await page.route('**/*.m4s', async (route) => {
      const two = (await Promise.all(plays)).find((play) => play?.track.title === 'Two')
      return two && route.request().url().includes(two.track.id) ? route.fulfill({ status: 404 }) : route.continue()
    })
    await row('One').click()
    // The first one is heard to its end, and then the listener is told.
    await hear(page, 3)
    await player.getByRole('alert').waitFor({ timeout: 20_000 })
    await sounds('Two')
    await player.getByRole('button', { name: 'Skip' }).click()
    await sounds('Three')
    await hear(page, 0.5)
  }, /404/)

  await step('a grant that ends while it sounds', async () => {
    await open()
    let refused = 0
    await page.route('**/1.m4s', async (route) => {
      const { id } = (await plays[0]).track
      if (refused > 0 || !route.request().url().includes(id)) return route.continue()
      refused += 1
      return route.fulfill({ status: 404 })
    })
    await row('One').click()
    await hear(page, 3)
    equal('refusals', refused, 1)
    equal('plays of each', (await counted(plays)).slice(0, 12), 'One 2, Two 1')
    await sounds('Two')
  }, /404/)

  await step('a network that goes and comes back', async () => {
    await open()
    let lost = 0
    await page.route('**/*.m4s', (route) => {
      if (route.request().url().endsWith('/0.m4s') || lost >= 3) return route.continue()
      lost += 1
      return route.abort('internetdisconnected')
    })
    await row('One').click()
    await sounds('Two')
    await hear(page, 0.5)
    equal('segments lost', lost, 3)
    equal('plays of each', (await counted(plays)).slice(0, 12), 'One 1, Two 1')
  }, /ERR_INTERNET_DISCONNECTED/)

  await step('a network that is away for longer than there is music', async () => {
    await open()
    await page.route('**/*.m4s', (route) => (route.request().url().endsWith('/0.m4s') ? route.continue() : route.abort('internetdisconnected')))
    await row('One').click()
    await sounds('One')
    await page.context().setOffline(true)
    await player.getByRole('alert').waitFor({ timeout: 40_000 })
    const at = await position(page)
    await page.unrouteAll()
    await page.context().setOffline(false)
    await player.getByRole('alert').waitFor({ state: 'detached' })
    await hear(page, 0.5)
    return `from ${at.toFixed(1)} s`
  }, /ERR_INTERNET_DISCONNECTED/)

  await step('a browser without media sources plays whole files', async () => {
    await page.addInitScript(() => { delete globalThis.MediaSource })
    await open()
    await row('One').click()
    await hear(page, 1)
    equal('segments', segments.length, 0)
    const at = await position(page)
    await sounds('Two')
    await hear(page, 0.3)
    if (at > 5) throw new Error(`it was at ${at} s`)
  })
})

/** How often each track was played, in the order of their first plays. */
async function counted(plays) {
  const times = new Map()
  for (const { track } of (await Promise.all(plays)).filter(Boolean)) times.set(track.title, (times.get(track.title) ?? 0) + 1)
  return [...times].map(([title, count]) => `${title} ${count}`).join(', ')
}

/** Waits until the first segment of the play with this number is there. */
async function arrival(page, segments, plays, number) {
  const until = performance.now() + 10_000
  while (performance.now() < until) {
    const play = await plays[number]
    if (play && segments.some(({ url }) => url.includes(play.track.id))) return page.waitForTimeout(100)
    await page.waitForTimeout(50)
  }
  throw new Error(`there is no segment of play ${number}`)
}

/** Where the music stands that was paused. */
function paused(page) {
  return page.evaluate(() => Math.max(...[...document.querySelectorAll('audio')].map((audio) => audio.currentTime)))
}

/* What follows runs in the page. */

/** Records whatever the player's decks give. */
async function record(source) {
  const context = new AudioContext({ sampleRate: 48_000 })
  await context.audioWorklet.addModule(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
  const node = new AudioWorkletNode(context, 'tap')
  globalThis.heard = []
  node.port.addEventListener('message', ({ data }) => globalThis.heard.push([...data]))
  node.port.start()
  node.connect(context.destination)
  for (const audio of document.querySelectorAll('audio')) context.createMediaElementSource(audio).connect(node)
  await context.resume()
}
