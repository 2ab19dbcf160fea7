// Tags that hold scripts, on every page that shows them: nothing runs, and the policy is not even asked.
//   LEGATO_URL=… LEGATO_E2E_LOGIN=handle:password LEGATO_E2E_RELEASE=id node e2e/hostile-tags.mjs
// The release is a draft of the person's, named by a script like its artist, with ready tracks whose tags suggest others.
import { walk } from './browser.mjs'

const [login, password] = (process.env.LEGATO_E2E_LOGIN ?? '').split(/:(.*)/)
const release = process.env.LEGATO_E2E_RELEASE
if (!password || !release) throw new Error('LEGATO_E2E_LOGIN and LEGATO_E2E_RELEASE say who walks where')

await walk('hostile-tags', async (page, step) => {
  const dialogs = []
  page.on('dialog', (dialog) => dialogs.push(dialog.message()))
  const rests = async () => {
    await page.waitForTimeout(400)
    if (dialogs.length > 0) throw new Error(`a script ran: ${dialogs.join(', ')}`)
    const foreign = await page.evaluate(() => document.querySelectorAll('main script, main iframe, main object, main embed, main img[onerror], main svg[onload], main marquee').length)
    if (foreign > 0) throw new Error(`${foreign} elements came out of tags`)
  }

  await step('sign in', async () => {
    await page.goto(`/sign-in?next=${encodeURIComponent(`/studio/releases/${release}`)}`)
    await page.getByLabel('Handle or email').fill(login)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click()
    await page.locator('[data-track]').first().waitFor()
    await rests()
  })

  await step('take what the tags say', async () => {
    const cards = page.locator('[data-track]')
    const count = await cards.count()
    for (let index = 0; index < count; index += 1) {
      const offer = cards.nth(index).getByRole('button', { name: /^Title “/ })
      const title = (await offer.innerText()).replace(/^Title “|”$/g, '')
      await offer.click()
      await offer.waitFor({ state: 'detached' })
      await cards.nth(index).getByText(title, { exact: true }).first().waitFor()
    }
    await rests()
    return `${count} titles`
  })

  await step('publish', async () => {
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByText(/^Published on/).waitFor()
    await rests()
  })

  await step('release', async () => {
    await page.goto(`/releases/${release}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('button', { name: /^Play / }).first().waitFor()
    await rests()
  })

  await step('play', async () => {
    await page.getByRole('button', { name: /^Play / }).nth(1).click()
    await page.waitForFunction(() => [...document.querySelectorAll('audio')].some((element) => element.currentTime > 0))
    await rests()
  })

  await step('artist', async () => {
    await page.getByRole('main').locator('a[href^="/artists/"]').first().click()
    await page.waitForURL('**/artists/*')
    await page.getByRole('main').locator('a[href^="/releases/"]').first().waitFor()
    await rests()
  })

  await step('home', async () => {
    await page.goto('/')
    await page.getByRole('main').locator('a[href^="/releases/"]').first().waitFor()
    await rests()
  })

  await step('search', async () => {
    for (const words of ['<script>alert(1)</script>', 'alert', '"><img src=x onerror=alert(1)>']) {
      await page.goto(`/search?q=${encodeURIComponent(words)}`)
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' })
      await page.getByRole('combobox', { name: 'Search' }).fill(words)
      await rests()
    }
  })

  await step('inbox and studio', async () => {
    await page.goto('/inbox')
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
    await page.getByRole('main').locator('li').first().waitFor()
    await rests()
    await page.goto('/studio')
    await page.getByRole('main').locator('a[href^="/studio/"]').first().waitFor()
    await rests()
  })
})
