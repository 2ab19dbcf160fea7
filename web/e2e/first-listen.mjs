// From an upload to the first listen, as a person does it:
//   LEGATO_URL=http://127.0.0.1:4533 LEGATO_E2E_AUDIO=song.flac node e2e/first-listen.mjs
// CHROMIUM is the browser's program (/usr/bin/chromium by default); with LEGATO_E2E_SCREENSHOTS each step leaves a picture there.
import { assertAccessible, hear, position, walk } from './browser.mjs'

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
    await page.locator('input[type=file]').setInputFiles(audio)
    await page.locator('[data-track]').waitFor()
    await page.locator('[data-track][data-state=ready]').waitFor({ timeout: 90_000 })
    await assertAccessible(page)
  })

  await step('retitle', async () => {
    await page.getByRole('button', { name: /^Retitle/ }).click()
    await page.getByLabel('Title of the track').fill(track)
    await page.getByLabel('Title of the track').press('Enter')
    await page.locator('[data-track]').getByText(track, { exact: true }).waitFor()
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

  await step('dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await assertAccessible(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await assertAccessible(page)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
    if (wide) throw new Error('the page scrolls sideways at 360 px')
    await page.setViewportSize({ width: 1280, height: 860 })
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
