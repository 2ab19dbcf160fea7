// From an upload to the first listen, as a person does it:
//   LEGATO_URL=http://127.0.0.1:4533 LEGATO_E2E_AUDIO=song.flac node e2e/first-listen.mjs
// CHROMIUM is the browser's program (/usr/bin/chromium by default); with LEGATO_E2E_SCREENSHOTS each step leaves a picture there.
import { crc32, deflateSync } from 'node:zlib'
import { assertAccessible, assertNarrow, hear, photograph, position, walk } from './browser.mjs'

const audio = process.env.LEGATO_E2E_AUDIO
if (!audio) throw new Error('LEGATO_E2E_AUDIO names no file to upload')
const stamp = Date.now().toString(36)
const artist = `Walker ${stamp}`
const release = `First Steps ${stamp}`
const track = `Opening ${stamp}`

await walk('first-listen', async (page, step) => {
  await step('home', async () => {
    await page.goto('/')
    await page.getByRole('heading', { name: 'New releases' }).waitFor()
    await assertAccessible(page)
  })

  await step('browse', async () => {
    await page.getByRole('link', { name: 'Browse' }).click()
    await page.getByRole('heading', { name: 'Browse', level: 1 }).waitFor()
    await page.getByLabel('Order').selectOption('title')
    await page.waitForURL('**/browse?sort=title')
    await page.getByLabel('Genre').waitFor()
    await page.getByLabel('Year').selectOption('1999')
    await page.waitForURL('**/browse?sort=title&year=1999')
    await page.getByLabel('Kind').selectOption('live')
    await page.waitForURL('**/browse?sort=title&year=1999&kind=live')
    await page.getByText('Nothing is here yet').waitFor()
    await assertAccessible(page)
  })

  await step('sign up', async () => {
    await page.goto('/sign-up?next=%2Fstudio')
    await assertAccessible(page)
    await page.getByLabel('Handle').fill(`walker-${stamp}`)
    await page.getByLabel('Email').fill(`walker-${stamp}@example.org`)
    await page.getByLabel('Password').fill(`a long walk ${stamp}`)
    await page.getByRole('main').getByRole('button', { name: 'Sign up' }).click()
    await page.waitForURL('**/studio')
  })

  await step('create artist', async () => {
    await page.getByLabel('Name').fill(artist)
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Create artist' }).click()
    await page.getByRole('heading', { name: artist }).waitFor()
  })

  await step('create release', async () => {
    await page.getByLabel('Title').fill(release)
    await page.getByLabel('Kind').selectOption('single')
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Create release' }).click()
    await page.getByRole('heading', { name: release }).waitFor()
  })

  await step('upload until ready', async () => {
    await page.locator('input[type=file][multiple]').setInputFiles(audio)
    await page.locator('[data-track]').waitFor()
    await page.locator('[data-track][data-state=ready]').waitFor({ timeout: 90_000 })
    await assertAccessible(page)
  })

  await step('artwork', async () => {
    const panel = page.getByRole('region', { name: 'Artwork' })
    await panel.locator('input[type=file]').setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer: png(640) })
    const shown = panel.locator('img[src^="/api/v1/artwork/"]')
    await shown.waitFor()
    await page.waitForFunction((image) => image.complete && image.naturalWidth > 0, await shown.elementHandle())
    await panel.locator('input[type=file]').setInputFiles({ name: 'cover.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') })
    await panel.getByRole('alert').waitFor()
    await assertAccessible(page)
  }, /status of 415/)

  await step('retitle', async () => {
    await page.getByRole('button', { name: /^Retitle/ }).click()
    await page.getByLabel('Title of the track').fill(track)
    await page.getByLabel('Title of the track').press('Enter')
    await page.locator('[data-track]').getByText(track, { exact: true }).waitFor()
  })

  await step('schedule and call off', async () => {
    await page.getByText(/things? to look at before$/).click()
    await page.locator('[data-checklist=no_genre]').waitFor()
    const tomorrow = new Date(Date.now() + 86_400_000)
    const here = new Date(tomorrow.getTime() - tomorrow.getTimezoneOffset() * 60_000)
    await page.getByLabel('Comes out at').fill(here.toISOString().slice(0, 16))
    await page.getByRole('button', { name: 'Schedule' }).click()
    await page.getByText(/^Comes out on/).waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Call it off' }).click()
    await page.getByText(/^Everything is ready/).waitFor()
  })

  await step('publish', async () => {
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText(/^Published on/).waitFor()
  })

  await step('search', async () => {
    const box = page.getByRole('combobox', { name: 'Search' })
    const hit = page.getByRole('option', { name: release })
    // The search document follows the publication by an event: type again until it has.
    for (let attempt = 0; attempt < 20 && (await hit.count()) === 0; attempt += 1) {
      await box.fill('')
      await page.waitForTimeout(150)
      await box.fill(attempt % 2 === 0 ? release : `${release} `)
      await hit.first().waitFor({ timeout: 1000 }).catch(() => undefined)
      if ((await hit.count()) === 0) await page.reload()
    }
    await assertAccessible(page)
    await hit.first().click()
    await page.getByRole('heading', { name: release }).waitFor()
  })

  await step('play', async () => {
    await page.waitForTimeout(300) // hls.js is fetched when the page rests; a person needs longer to press
    const began = performance.now()
    await page.getByRole('button', { name: `Play ${track}` }).click()
    await page.waitForFunction(() => [...document.querySelectorAll('audio')].some((element) => element.currentTime > 0))
    const sound = Math.round(performance.now() - began)
    await hear(page)
    await assertAccessible(page)
    return `sound after ${sound} ms`
  })

  await step('seek on the waveform', async () => {
    const slider = page.getByRole('slider', { name: 'Position in the track' })
    const length = Number(await slider.getAttribute('aria-valuemax'))
    const box = await slider.boundingBox()
    await page.mouse.click(box.x + box.width * 0.5, box.y + box.height / 2)
    const at = await hear(page, 0.5)
    if (at < length * 0.45) throw new Error(`seeking to the middle of ${length} s led to ${at} s`)
    await slider.press('Home')
    const start = await hear(page, 0.3)
    if (start > length * 0.4) throw new Error(`Home led to ${start} s`)
  })

  await step('another page', async () => {
    const before = await position(page)
    await page.getByRole('link', { name: artist }).first().click()
    await page.getByRole('heading', { name: artist }).waitFor()
    await assertAccessible(page)
    await page.getByRole('link', { name: 'Legato, home' }).click()
    await page.getByRole('heading', { name: 'New releases' }).waitFor()
    const after = await hear(page, 0.5)
    if (after <= before) throw new Error(`the music went from ${before} s to ${after} s`)
  })

  await step('keyboard', async () => {
    await page.keyboard.press('Space')
    await page.getByRole('region', { name: 'Player' }).getByRole('button', { name: 'Play', exact: true }).waitFor()
    await page.keyboard.press('Space')
    await hear(page, 0.3)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await assertAccessible(page)
    await page.keyboard.press('Escape')
  })

  await step('like and save', async () => {
    const player = page.getByRole('region', { name: 'Player' })
    await player.getByRole('slider', { name: 'Position in the track' }).press('Home') // The song is short.
    await player.getByRole('link', { name: track }).click()
    await page.getByRole('heading', { name: release, level: 1 }).waitFor()
    await page.getByRole('main').getByRole('button', { name: `Like ${track}` }).click()
    for (const place of [page.getByRole('main'), player]) await place.locator(`button[aria-label="Like ${track}"][aria-pressed=true]`).waitFor()
    // Taken back in one place, it is in the other.
    await player.getByRole('button', { name: `Like ${track}` }).click()
    await page.getByRole('main').locator(`button[aria-label="Like ${track}"][aria-pressed=false]`).waitFor()
    await player.locator(`button[aria-label="Like ${track}"]:not([disabled])`).click()
    await page.getByRole('main').locator(`button[aria-label="Like ${track}"][aria-pressed=true]`).waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'Saved', exact: true }).waitFor()
    await assertAccessible(page)
  })

  await step('rate and bookmark', async () => {
    const [main, player] = [page.getByRole('main'), page.getByRole('region', { name: 'Player' })]
    const stars = main.getByRole('radiogroup', { name: `Your stars for ${track}` })
    await stars.getByRole('radio', { name: '4 stars' }).click()
    await stars.getByRole('radio', { name: '4 stars', checked: true }).waitFor()
    await stars.getByRole('radio', { name: '4 stars' }).press('ArrowRight')
    await stars.getByRole('radio', { name: '5 stars', checked: true }).waitFor()
    await stars.getByRole('radio', { name: '5 stars' }).press('ArrowLeft')
    await stars.getByRole('radio', { name: '4 stars', checked: true }).waitFor()
    await player.getByRole('slider', { name: 'Position in the track' }).press('Home')
    await player.getByRole('button', { name: 'Bookmark this place', exact: true }).click()
    await page.getByText(/^Bookmarked at 0:/).waitFor()
    await player.getByRole('button', { name: /^Bookmark this place instead of 0:/ }).waitFor()
    await main.getByRole('button', { name: /^Go on at 0:/ }).waitFor()
    await assertAccessible(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await assertNarrow(page)
    await assertAccessible(page)
    await photograph(page, 'first-listen-rated-narrow')
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  await step('bookmarks', async () => {
    const main = page.getByRole('main')
    await page.goto('/library/bookmarks')
    await main.getByRole('button', { name: `Edit the note on ${track}` }).click()
    const dialog = page.getByRole('dialog', { name: `Edit the note on ${track}` })
    await dialog.getByLabel('Note').fill('where it begins')
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await main.getByText('where it begins').waitFor()
    await assertAccessible(page)
    await main.getByRole('button', { name: new RegExp(`^Play ${track} from 0:`) }).click()
    await hear(page, 0.3)
    await main.getByRole('button', { name: `Delete the bookmark in ${track}` }).click()
    await main.getByText('No bookmark yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await main.getByText('where it begins').waitFor()
    // It is with the server, and so are the stars.
    await page.goto('/library')
    await main.getByRole('radio', { name: '4 stars', checked: true }).waitFor()
    await page.reload()
    await main.getByRole('radio', { name: '4 stars', checked: true }).waitFor()
    await page.goto('/library/bookmarks')
    await main.getByText('where it begins').waitFor()
    await main.getByRole('button', { name: new RegExp(`^Play ${track} from 0:`) }).click()
    await hear(page, 0.3)
  })

  await step('library', async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Library' }).click()
    await page.getByRole('heading', { name: 'Library', level: 1 }).waitFor()
    const main = page.getByRole('main')
    await main.getByRole('button', { name: `Pause ${track}` }).waitFor()
    await assertAccessible(page)
    await main.getByRole('link', { name: 'Releases' }).click()
    await main.getByRole('link', { name: release }).waitFor()
    await assertAccessible(page)
    await main.getByRole('link', { name: 'History' }).click()
    await main.getByRole('button', { name: `Forget that you heard ${track}` }).first().waitFor()
    await page.getByLabel('Search what you heard').fill('of another kind')
    await main.getByText('Nothing found for').waitFor()
    await page.getByLabel('Search what you heard').fill(release)
    await main.getByRole('button', { name: `Forget that you heard ${track}` }).first().waitFor()
    await assertAccessible(page)
    await hear(page, 0.3)
  })

  await step('dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await assertAccessible(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await assertAccessible(page)
    await assertNarrow(page)
    await photograph(page, 'first-listen-narrow')
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  await step('go on where one left', async () => {
    const player = page.getByRole('region', { name: 'Player' })
    const put = page.waitForResponse((response) => response.url().endsWith('/me/queue') && response.request().method() === 'PUT' && response.ok())
    await player.getByRole('slider', { name: 'Position in the track' }).press('Home')
    const resume = player.getByRole('button', { name: 'Play', exact: true })
    if ((await resume.count()) > 0) await resume.click() // It had come to its end.
    await hear(page, 0.3)
    await player.getByRole('button', { name: 'Pause', exact: true }).click()
    await put
    await page.goto('/library/history')
    const offer = page.getByRole('region', { name: 'Go on where you left' })
    await offer.getByText(track).waitFor()
    await page.getByRole('button', { name: `Forget that you heard ${track}` }).first().waitFor()
    await assertAccessible(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await assertNarrow(page)
    await assertAccessible(page)
    await photograph(page, 'first-listen-go-on-narrow')
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.getByRole('button', { name: 'Forget everything' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Forget everything' }).click()
    await page.getByText('Nothing heard yet').waitFor()
    await offer.getByRole('button', { name: 'Go on' }).click()
    await hear(page, 0.3)
    await offer.waitFor({ state: 'detached' })
  })

  await step('inbox and search page', async () => {
    await page.goto('/inbox')
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
    await assertAccessible(page)
    await page.goto(`/search?q=${encodeURIComponent(release)}`)
    await page.getByRole('main').getByRole('link', { name: release }).first().waitFor()
    await assertAccessible(page)
    await page.goto('/no/such/page')
    await page.getByText('Nothing here').last().waitFor()
    await assertAccessible(page)
  })

  await step('sign out', async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('navigation').getByRole('link', { name: 'Sign in' }).waitFor()
  })
})

/** A chunk of a PNG, with its sum. */
function chunk(name, body) {
  const whole = Buffer.concat([Buffer.from(name), body])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  sum.writeUInt32BE(crc32(whole))
  return Buffer.concat([length, whole, sum])
}

/** A square of two colours as a PNG. */
function png(side) {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 2], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc((side / 2) * 3, Buffer.from([180, 60, 40])), Buffer.alloc((side / 2) * 3, Buffer.from([30, 60, 120]))])
  const rows = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}
