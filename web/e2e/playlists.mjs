// Playlists, as somebody makes them of a release with two tracks (`One` and `Two`), which $LEGATO_E2E_RELEASE names, and
// follows one of somebody else's, $LEGATO_E2E_PLAYLIST:
//   LEGATO_URL=http://127.0.0.1:4533 LEGATO_E2E_LOGIN=handle:password LEGATO_E2E_RELEASE=… LEGATO_E2E_PLAYLIST=… node e2e/playlists.mjs
// CHROMIUM and LEGATO_E2E_SCREENSHOTS as in first-listen.mjs.
import { assertAccessible, assertNarrow, hear, walk } from './browser.mjs'

const [handle, password] = (process.env.LEGATO_E2E_LOGIN ?? '').split(':')
const release = process.env.LEGATO_E2E_RELEASE
const other = process.env.LEGATO_E2E_PLAYLIST
/** A picture of one pixel. */
const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

await walk('playlists', async (page, step) => {
  const main = page.getByRole('main')
  const button = (name) => main.getByRole('button', { name, exact: true })
  const order = async (...titles) => {
    const told = titles.join(' ')
    await page.waitForFunction((expected) => [...document.querySelectorAll('ol > li button[id^=entry] .block.truncate:first-child')].map((line) => line.textContent).join(' ') === expected, told)
  }

  await step('a new playlist', async () => {
    await page.goto('/sign-in?next=%2Fplaylists')
    await page.getByLabel('Handle or email').fill(handle)
    await page.getByLabel('Password').fill(password)
    await button('Sign in').click()
    await page.getByRole('heading', { name: 'Playlists' }).waitFor()
    await main.getByText('No playlists yet').waitFor()
    await assertAccessible(page)
    await page.getByLabel('A new playlist').fill('Mornings')
    await button('Create playlist').click()
    await page.getByRole('heading', { name: 'Mornings' }).waitFor()
    await main.getByText('Nothing in it yet').waitFor()
    await assertAccessible(page)
  })

  await step('tracks of a release', async () => {
    await page.goto(`/releases/${release}`)
    for (const title of ['One', 'Two', 'One']) {
      await button(`Add ${title} to a playlist`).click()
      const dialog = page.getByRole('dialog', { name: `Add ${title} to a playlist` })
      await dialog.getByRole('button', { name: 'Mornings' }).waitFor()
      await assertAccessible(page)
      await dialog.getByRole('button', { name: 'Mornings' }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Playlists' }).click()
    await main.getByRole('link', { name: /^Mornings/ }).click()
    await order('One', 'Two', 'One')
    await assertAccessible(page)
  })

  await step('another order', async () => {
    await button('Move Two up').click()
    await order('Two', 'One', 'One')
    // By the keyboard, from the line itself.
    await main.getByRole('listitem').filter({ hasText: 'Two' }).getByRole('button', { name: /^Play/ }).focus()
    await page.keyboard.press('Alt+ArrowDown')
    await order('One', 'Two', 'One')
    await button('Take Two out').click()
    await order('One', 'One')
    await button('Take the last change back').click()
    await order('One', 'Two', 'One')
  })

  await step('play all', async () => {
    await button('Play all').click()
    await hear(page)
  })

  await step('edit and share', async () => {
    await button('Edit and share').click()
    const dialog = page.getByRole('dialog', { name: 'Edit and share' })
    await dialog.getByLabel('Handle').fill('nobody-at-all')
    await dialog.getByRole('button', { name: 'Share' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Handle').fill('nina')
    await dialog.getByRole('button', { name: 'Share' }).click()
    await dialog.getByText('@nina · Editor').waitFor()
    await assertAccessible(page)
    await dialog.getByLabel('Add a cover').last().setInputFiles({ name: 'cover.png', mimeType: 'image/png', buffer: dot })
    await dialog.getByRole('button', { name: 'Another cover' }).waitFor()
    await page.waitForFunction(() => [...document.querySelectorAll('header img')].some((img) => img.src.includes('/covers/') && img.naturalWidth > 0))
    await dialog.getByLabel('Title', { exact: true }).fill('Mornings and evenings')
    await dialog.getByLabel('Who sees it').selectOption('public')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Mornings and evenings' }).waitFor()
  }, /status of 404/)

  await step('narrow', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await assertNarrow(page)
    await page.goto('/playlists')
    await main.getByRole('link', { name: /^Mornings/ }).waitFor()
    await assertNarrow(page)
    await page.setViewportSize({ width: 1280, height: 860 })
  })

  await step('follow what others put together', async () => {
    await page.goto(`/playlists/${other}`)
    await button('Follow').click()
    await button('Following').waitFor()
    await main.getByText('1 follows it').waitFor()
    await assertAccessible(page)
    await page.goto('/playlists')
    await main.getByRole('heading', { name: 'Playlists that you follow' }).waitFor()
    await assertAccessible(page)
    await main.getByRole('link', { name: /^Of Nina/ }).click()
    await button('Following').click()
    await button('Follow').waitFor()
    await page.goto('/playlists')
    await main.getByRole('link', { name: /^Mornings/ }).waitFor()
  })

  await step('a list from elsewhere', async () => {
    const file = '#EXTM3U\n#EXTINF:-1,nina - One\nfile:///music/one.mp3\n#EXTINF:-1,Nobody - Nothing\nnothing.mp3\n'
    await main.getByLabel('Import a list').last().setInputFiles({ name: 'Elsewhere.m3u8', mimeType: 'audio/x-mpegurl', buffer: Buffer.from(file) })
    const dialog = page.getByRole('dialog', { name: 'Elsewhere' })
    await dialog.getByText('1 track is in the playlist.').waitFor()
    await dialog.getByText('Nobody - Nothing').waitFor()
    await assertAccessible(page)
    await dialog.getByRole('link', { name: 'Open the playlist' }).click()
    await order('One')
  })

  await step('delete', async () => {
    await button('Edit and share').click()
    await page.getByRole('button', { name: 'Delete the playlist' }).click()
    await page.getByRole('dialog', { name: 'Delete Elsewhere?' }).getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Playlists', exact: true }).waitFor()
    await main.getByRole('link', { name: /^Elsewhere/ }).waitFor({ state: 'detached' })
  })

  await step('one that fills itself', async () => {
    await page.goto('/playlists')
    await page.getByLabel('A new playlist').fill('By itself')
    await page.getByLabel('It fills itself by rules').check()
    await assertAccessible(page)
    await button('Create playlist').click()
    await page.getByRole('heading', { name: 'By itself' }).waitFor()
    await order('One', 'Two').catch(() => order('Two', 'One'))
    await page.getByLabel('What', { exact: true }).selectOption('title')
    await page.getByLabel('Value').fill('Two')
    await button('Save').click()
    await order('Two')
    await assertAccessible(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await assertNarrow(page)
    await page.setViewportSize({ width: 1280, height: 860 })
  })
})
