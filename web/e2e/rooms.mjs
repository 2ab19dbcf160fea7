// Two people hear a release of two tracks (which $LEGATO_E2E_RELEASE names) together, and one of them goes on on another device:
//   LEGATO_URL=http://127.0.0.1:4533 LEGATO_E2E_LOGIN=handle:password LEGATO_E2E_GUEST=handle:password LEGATO_E2E_RELEASE=… node e2e/rooms.mjs
// CHROMIUM and LEGATO_E2E_SCREENSHOTS as in first-listen.mjs.
import { assertAccessible, assertNarrow, hear, walk } from './browser.mjs'

const [host, guest] = [process.env.LEGATO_E2E_LOGIN, process.env.LEGATO_E2E_GUEST].map((login) => (login ?? '').split(':'))
const release = process.env.LEGATO_E2E_RELEASE
/** How far two may be apart, in ms. */
const mostDriftMs = 100

await walk('rooms', async (page, step) => {
  const elsewhere = async () => {
    const context = await page.context().browser().newContext({ baseURL: process.env.LEGATO_URL, locale: 'en-GB', reducedMotion: 'reduce' })
    const other = await context.newPage()
    other.setDefaultTimeout(15_000)
    return other
  }
  const friend = await elsewhere()
  let invitation = ''

  await step('a room of what is lined up', async () => {
    await signIn(page, host, `/releases/${release}`)
    await page.getByRole('main').getByRole('button', { name: 'Play One' }).click()
    await hear(page)
    await page.getByRole('button', { name: 'Queue' }).filter({ visible: true }).click()
    await page.getByRole('button', { name: 'Listen together' }).click()
    await page.waitForURL('**/rooms/*')
    await page.getByRole('heading', { name: 'Who is here' }).waitFor()
    await page.getByText('It rests.').waitFor()
    await assertAccessible(page)
    const id = new URL(page.url()).pathname.split('/').pop()
    const room = await page.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/rooms/${id}`)
    invitation = `/rooms/${id}#key=${room.key}`
  })

  await step('a friend comes in', async () => {
    await signIn(friend, guest, '/library')
    await friend.goto(invitation)
    await friend.getByRole('heading', { name: 'Who is here' }).waitFor()
    await page.getByText(guest[0], { exact: true }).waitFor()
    await assertAccessible(friend)
  })

  await step('somebody to follow', async () => {
    await friend.goto(`/people/${host[0]}`)
    await friend.getByRole('button', { name: 'Follow', exact: true }).click()
    await friend.getByRole('button', { name: 'Following', exact: true }).waitFor()
    await assertAccessible(friend)
    await friend.goto('/library/company')
    await friend.getByRole('heading', { name: 'Whom you follow' }).waitFor()
    await friend.getByRole('main').getByRole('link', { name: host[0] }).waitFor()
    await assertAccessible(friend)
    await friend.getByRole('main').getByRole('link', { name: /2 people$/ }).click()
    await friend.waitForURL('**/rooms/*')
    await friend.getByRole('heading', { name: 'Who is here' }).waitFor()
  })

  await step('both hear the same at the same moment', async () => {
    await page.getByRole('button', { name: 'Begin' }).click()
    await friend.getByText('It plays.').waitFor()
    await friend.getByRole('button', { name: 'Listen along' }).click()
    return drift(page, friend)
  })

  await step('in another place too', async () => {
    await page.getByRole('slider', { name: 'Position in the track' }).focus()
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight')
    return drift(page, friend)
  })

  await step('a pause is a pause for both', async () => {
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Pause', exact: true }).click()
    for (const one of [page, friend]) await one.waitForFunction(() => [...document.querySelectorAll('audio')].every((audio) => audio.paused))
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Play', exact: true }).click()
    await friend.waitForFunction(() => [...document.querySelectorAll('audio')].some((audio) => !audio.paused))
    return drift(page, friend)
  })

  await step('the host closes it', async () => {
    await page.setViewportSize({ width: 360, height: 720 })
    await assertNarrow(page)
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.getByRole('main').getByRole('button', { name: 'Close the room' }).click()
    await page.waitForURL((url) => url.pathname === '/')
    await friend.waitForFunction(() => [...document.querySelectorAll('audio')].every((audio) => audio.paused))
    await friend.getByText('The room is closed.').waitFor()
  }, /status of 404/)

  await step('on another device', async () => {
    const kitchen = await elsewhere()
    await signIn(kitchen, host, '/library')
    await kitchen.waitForFunction(async () => (await (await fetch('/api/v1/me/players')).json()).items.some((player) => player.is_this))
    await page.goto(`/releases/${release}`)
    await page.getByRole('main').getByRole('button', { name: 'Play One' }).click()
    await hear(page)
    await page.getByRole('button', { name: 'Queue' }).filter({ visible: true }).click()
    const others = page.getByRole('region', { name: 'Go on elsewhere' })
    await others.getByRole('button').first().click()
    await kitchen.waitForFunction(() => [...document.querySelectorAll('audio')].some((audio) => !audio.paused && audio.currentTime > 0))
    await page.waitForFunction(() => [...document.querySelectorAll('audio')].every((audio) => audio.paused))
    await kitchen.context().close()
  })
})

async function signIn(where, [handle, password], next) {
  await where.goto(`/sign-in?next=${encodeURIComponent(next)}`)
  await where.getByLabel('Handle or email').fill(handle)
  await where.getByLabel('Password').fill(password)
  await where.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click()
  await where.waitForURL((url) => url.pathname === next)
}

function wait(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** By how much what sounds is ahead of the clock of the machine that all of them run on; null where nothing does. */
function ahead(where) {
  return where.evaluate(() => {
    const audio = [...document.querySelectorAll('audio')].find((element) => !element.paused && element.readyState > 2)
    return audio ? audio.currentTime * 1000 - (performance.timeOrigin + performance.now()) : null
  })
}

/** Waits until two are in step, and then for how far they are apart at the most in some seconds. */
async function drift(one, other) {
  const apart = async () => {
    const [here, there] = await Promise.all([ahead(one), ahead(other)])
    return here === null || there === null ? Number.POSITIVE_INFINITY : Math.abs(here - there)
  }
  const began = performance.now()
  let near = 0
  // In step is who was near five times in a row.
  while (near < 5) {
    if (performance.now() - began > 20_000) throw new Error(`they do not come together: ${await apart()} ms`)
    near = (await apart()) < mostDriftMs ? near + 1 : 0
    await wait(150)
  }
  const settled = Math.round(performance.now() - began)
  let most = 0
  for (let look = 0; look < 15; look += 1) {
    most = Math.max(most, await apart())
    await wait(150)
  }
  if (most >= mostDriftMs) throw new Error(`${most} ms apart`)
  return `${Math.round(most)} ms apart at the most, together after ${settled} ms`
}
