// An artist's profile and its people, as an owner and a guest have them:
//   LEGATO_URL=http://127.0.0.1:4533 node e2e/people.mjs
// CHROMIUM and LEGATO_E2E_SCREENSHOTS as in first-listen.mjs.
import { assertAccessible, assertNarrow, fetchPatiently, walk } from './browser.mjs'

const stamp = Date.now().toString(36)
const artist = `Quartet ${stamp}`
const owner = { handle: `first-${stamp}`, email: `first-${stamp}@example.org`, password: `a first violin ${stamp}` }
const guest = { handle: `second-${stamp}`, email: `second-${stamp}@example.org`, password: `a second violin ${stamp}` }

for (const account of [owner, guest]) {
  const opened = await fetchPatiently(`${process.env.LEGATO_URL}/api/v1/accounts`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(account) })
  if (opened.status !== 201) throw new Error(`${account.handle}: ${opened.status}`)
}

await walk('people', async (page, step) => {
  const main = page.getByRole('main')
  const button = (name) => main.getByRole('button', { name, exact: true })
  const signIn = async (account, next) => {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`)
    await page.getByLabel('Handle or email').fill(account.handle)
    await page.getByLabel('Password').fill(account.password)
    await button('Sign in').click()
    await page.waitForURL(`**${next}`)
  }
  const signOut = async () => {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('navigation').getByRole('link', { name: 'Sign in' }).waitFor()
  }

  await step('an artist', async () => {
    await signIn(owner, '/studio')
    await page.getByLabel('Name').fill(artist)
    await button('Create artist').click()
    await page.getByRole('heading', { name: artist }).waitFor()
    await assertAccessible(page)
  })

  await step('profile', async () => {
    await page.getByRole('link', { name: 'Profile' }).click()
    await page.getByLabel('Biography').fill('Four people, *one* breath.\n\n<img src=x onerror=alert(1)>')
    await page.getByLabel('Places').fill('Vienna, Graz')
    await page.getByLabel('Genres').fill('Chamber  Music')
    await button('Add a link').click()
    await page.getByLabel('Link 1: label').fill('Home')
    await page.getByLabel('Link 1: address').fill('http://quartet.example')
    await assertAccessible(page)
    await button('Save').click()
    await main.getByText('A link begins with https://.').waitFor()
    await page.getByLabel('Link 1: address').fill('https://quartet.example')
    await button('Save').click()
    await main.getByText('Saved.').waitFor()
    await page.setViewportSize({ width: 360, height: 740 })
    await assertNarrow(page)
    await page.setViewportSize({ width: 1280, height: 860 })
  }, /status of 422/)

  await step('public page', async () => {
    await page.getByRole('link', { name: 'Public page' }).click()
    const about = page.getByRole('region', { name: 'About' })
    await about.getByText('one', { exact: true }).waitFor()
    await about.getByText('Vienna, Graz · chamber music').waitFor()
    await about.getByRole('link', { name: 'Home' }).waitFor()
    if ((await about.locator('img').count()) > 0) throw new Error('the biography made an element of its own')
    await assertAccessible(page)
  })

  await step('another address', async () => {
    await page.getByRole('link', { name: 'Open in the studio' }).click()
    await page.getByRole('link', { name: 'Profile' }).click()
    const before = await page.getByLabel('Address', { exact: true }).inputValue()
    await page.getByLabel('Address', { exact: true }).fill(`${before}-wien`)
    await button('Save').click()
    await page.waitForURL(`**/${before}-wien/profile`)
    // The page of the new address is there, and goes nowhere any more.
    await page.waitForFunction((address) => document.querySelector(`input[value="${address}"]`), `${before}-wien`)
    await page.goto(`/artists/${before}`)
    await page.waitForURL(`**/artists/${before}-wien`)
    await page.getByRole('heading', { name: artist }).waitFor()
  })

  await step('two who edit the profile at once', async () => {
    const publicPage = page.url()
    await page.getByRole('link', { name: 'Open in the studio' }).click()
    await page.getByRole('link', { name: 'Profile' }).click()
    await page.getByLabel('Biography').fill('Four people, two breaths.')
    // Somebody else, who is faster.
    const slug = await page.getByLabel('Address', { exact: true }).inputValue()
    const theirs = { biography: 'Five people.', places: ['Linz'] }
    const status = await page.evaluate(([path, body]) => fetch(path, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body }).then((answer) => answer.status), [`/api/v1/artists/${slug}`, JSON.stringify(theirs)])
    if (status !== 200) throw new Error(`the other editor got ${status}`)
    await button('Save').click()
    const clash = page.getByRole('alert', { name: 'Changed meanwhile' })
    await clash.getByText('Five people.').waitFor()
    await assertAccessible(page)
    await clash.getByRole('button', { name: 'Keep mine' }).click()
    if ((await page.getByLabel('Places').inputValue()) !== 'Linz') throw new Error('what the other one changed elsewhere is lost')
    await button('Save').click()
    await main.getByText('Saved.').waitFor()
    await page.goto(publicPage)
  })

  await step('invite', async () => {
    await page.getByRole('link', { name: 'Open in the studio' }).click()
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByLabel('Handle or email').fill(`nobody-${stamp}`)
    await button('Send the invitation').click()
    await main.getByText('No account has this handle.').waitFor()
    await page.getByLabel('Handle or email').fill(guest.handle)
    await page.getByLabel('As', { exact: true }).selectOption('viewer')
    await button('Send the invitation').click()
    await page.getByRole('region', { name: 'Not answered yet' }).getByText(`@${guest.handle}`).waitFor()
    await assertAccessible(page)
    await signOut()
  }, /status of 422/)

  await step('accept', async () => {
    await signIn(guest, '/inbox')
    await main.getByText('You are invited to act for this artist').click()
    await page.getByRole('heading', { name: 'Invitations' }).waitFor()
    await assertAccessible(page)
    await button('Accept').click()
    await page.getByRole('heading', { name: artist }).waitFor()
    if ((await button('Create release').count()) > 0) throw new Error('a viewer is offered what only editors may')
    await page.getByRole('link', { name: 'People' }).click()
    await page.locator(`[data-member=${guest.handle}]`).getByText('Viewer').waitFor()
    if ((await button('Send the invitation').count()) > 0) throw new Error('a viewer is offered what only owners may')
    await assertAccessible(page)
    await signOut()
  })

  await step('roles', async () => {
    await signIn(owner, '/inbox')
    await main.getByText(`${guest.handle} has accepted`).click()
    const line = page.locator(`[data-member=${guest.handle}]`)
    await line.getByRole('combobox').selectOption('editor')
    await page.waitForFunction((handle) => document.querySelector(`[data-member=${handle}] select`)?.value === 'editor', guest.handle)
    const own = page.locator(`[data-member=${owner.handle}]`)
    await own.getByRole('combobox').selectOption('editor')
    await own.getByText('An artist needs an owner', { exact: false }).waitFor()
    await page.setViewportSize({ width: 360, height: 740 })
    await assertNarrow(page)
    await page.setViewportSize({ width: 1280, height: 860 })
    await line.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await line.waitFor({ state: 'detached' })
  }, /status of 409/)

  await step('a label', async () => {
    await page.goto('/studio')
    await page.getByLabel('Name').fill(`Label ${stamp}`)
    await button('Create artist').click()
    await page.getByRole('heading', { name: `Label ${stamp}` }).waitFor()
    await page.goto('/studio')
    await main.getByRole('link', { name: artist }).click()
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByLabel('Address of the label').fill(`label-${stamp}`)
    await button('Ask a label').click()
    await page.getByText(`Managed by Label ${stamp}`).waitFor()
    await assertAccessible(page)
    await button('End this').click()
    await page.getByText(`Managed by Label ${stamp}`).waitFor({ state: 'detached' })
  })

  await step('take along and bring in', async () => {
    await page.getByRole('link', { name: 'Profile' }).click()
    await button('Make a package').click()
    await main.getByText('Your package is ready').waitFor()
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
    if (download.suggestedFilename() !== 'legato-artist.zip') throw new Error(`the package is called ${download.suggestedFilename()}`)
    await assertAccessible(page)
    await page.goto(`/studio/artists/label-${stamp}/profile`)
    await page.getByLabel('Publish what was public there').check()
    await main.locator('input[type=file][accept*=zip]').setInputFiles(await download.path())
    const report = page.getByRole('region', { name: 'The last package' })
    await report.getByText('It is here.').waitFor()
    await report.getByText('New', { exact: true }).waitFor()
    await report.getByText('Signed with the key of this server').waitFor()
    await assertAccessible(page)
    await page.setViewportSize({ width: 360, height: 740 })
    await assertNarrow(page)
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.goto(`/artists/label-${stamp}`)
    await page.getByRole('region', { name: 'About' }).getByText('Linz · chamber music').waitFor()
    await page.goto('/studio')
    await main.getByRole('link', { name: artist }).click()
    await page.getByRole('heading', { name: artist }).waitFor()
  })

  await step('delete', async () => {
    await page.getByRole('link', { name: 'Profile' }).click()
    await button('Delete this artist').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL('**/studio')
    await main.getByRole('link', { name: `Label ${stamp}` }).waitFor()
    await main.getByRole('link', { name: artist }).waitFor({ state: 'detached' })
  })
})
