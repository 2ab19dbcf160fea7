// The player in a page of somebody else's: it plays there without an account and without cookies, one track after the other.
// With $LEGATO_E2E_SANDBOX the frame has no origin of its own, and plays the files of the artist's feed.
import { createServer } from 'node:http'
import { assertAccessible, hear, position, walk } from './browser.mjs'

const { LEGATO_URL: base, LEGATO_E2E_RELEASE: release, LEGATO_E2E_SANDBOX: sandbox } = process.env

/** A page of another origin, which frames the player. */
const host = createServer((_request, response) => {
  const rules = sandbox ? `sandbox="${sandbox}"` : ''
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<!doctype html><title>A blog</title><h1>A blog</h1>
    <iframe id="player" ${rules} width="480" height="360" allow="autoplay" src="${base}/embed/releases/${release}"></iframe>`)
})
await new Promise((listening) => host.listen(0, '127.0.0.1', listening))
const blog = `http://localhost:${host.address().port}/`
// What a frame without an origin is refused, before it takes the other way.
const refusals = sandbox ? /blocked by CORS policy|net::ERR_FAILED|favicon/ : /favicon/

try {
  await walk('embed', async (page, step) => {
    const cookies = []
    page.on('request', (request) => {
      if (request.url().startsWith(base) && request.headers().cookie) cookies.push(request.url())
    })
    let frame
    await step('a page of others shows the player', async () => {
      await page.goto(blog)
      await page.frameLocator('#player').locator('#play:enabled').waitFor()
      frame = page.frames().find((candidate) => candidate.url().startsWith(base))
      if (!sandbox) await assertAccessible(frame)
    }, refusals)
    await step('a press plays the first track', async () => {
      await frame.locator('#play').click()
      await frame.locator('button[aria-current]', { hasText: 'Ebb' }).waitFor()
      return `at ${(await hear(frame, 1)).toFixed(1)} s`
    }, refusals)
    await step('a second press pauses', async () => {
      await frame.locator('#play[aria-label="Pause"]').click()
      await frame.locator('#play[aria-label="Play"]').waitFor()
      const at = await frame.evaluate(() => document.querySelector('audio').currentTime)
      await page.waitForTimeout(400)
      if (await frame.evaluate(() => document.querySelector('audio').currentTime) !== at) throw new Error('it plays on')
    }, refusals)
    await step('near its end the next one follows', async () => {
      await frame.locator('#play').click()
      await hear(frame, 0.3)
      await frame.evaluate(() => {
        const seek = document.getElementById('seek')
        seek.value = '11'
        seek.dispatchEvent(new Event('input'))
        seek.dispatchEvent(new Event('change'))
      })
      await frame.locator('button[aria-current]', { hasText: 'Flow' }).waitFor()
      await frame.waitForFunction(() => !document.querySelector('audio').paused)
      await hear(frame, 1)
      if (await position(frame) > 11) throw new Error('that is still the first track')
    }, refusals)
    await step('the server saw no cookie', () => {
      if (cookies.length > 0) throw new Error(cookies.join('\n'))
    })
  })
} finally {
  host.close()
}
