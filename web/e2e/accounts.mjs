// An account from its beginning to its end, as a person has it:
//   LEGATO_URL=http://localhost:4533 LEGATO_E2E_MAIL=data/mail node e2e/accounts.mjs
// LEGATO_URL names localhost, since browsers know no passkeys under a number. LEGATO_E2E_ADMIN (`handle:password`) walks through the administration too.
// CHROMIUM and LEGATO_E2E_SCREENSHOTS as in first-listen.mjs.
import { assertAccessible, assertNarrow, fetchPatiently, walk } from './browser.mjs'
import { linkIn } from './letters.mjs'
import { codeOf } from './totp.mjs'

const mail = process.env.LEGATO_E2E_MAIL
if (!mail) throw new Error('LEGATO_E2E_MAIL names no folder of letters')
const stamp = Date.now().toString(36)
const handle = `resident-${stamp}`
const email = `${handle}@example.org`
const password = `a house of one's own ${stamp}`
const settings = ['/settings', '/settings/security', '/settings/sessions', '/settings/apps', '/settings/data']

// The refusals that a step asks for.
const unauthorised = /status of 401/
const forbidden = /status of 403/
const missing = /status of 404/

await walk('accounts', async (page, step) => {
  const main = page.getByRole('main')
  const button = (name) => main.getByRole('button', { name, exact: true })
  let secret = ''
  let codes = []

  await step('sign up', async () => {
    await page.goto('/sign-up')
    await assertAccessible(page)
    await page.getByLabel('Handle').fill(handle)
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password').fill('password')
    await button('Sign up').click()
    await main.getByText(/guess|common/i).waitFor()
    await assertAccessible(page)
    await page.getByLabel('Password').fill(password)
    await button('Sign up').click()
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
    await assertAccessible(page)
  }, /status of 422/)

  await step('confirm', async () => {
    const link = await linkIn(mail, email, '/confirm-registration')
    await page.goto(link.pathname + link.hash)
    await page.getByRole('heading', { name: 'Open your account' }).waitFor()
    if (new URL(page.url()).hash !== '') throw new Error('the code stays in the address')
    await assertAccessible(page)
    await button('Open my account').click()
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    await assertAccessible(page)
    await page.goto('/')
    await page.goto(`/confirm-registration${link.hash}`)
    await button('Open my account').click()
    await page.getByRole('heading', { name: 'This link is over' }).waitFor()
  }, missing)

  await step('sign in', async () => {
    await page.goto('/sign-in?next=%2Fsettings')
    await assertAccessible(page)
    await signInByPassword('not the password')
    await main.getByText('Handle or password is wrong.').waitFor()
    await assertAccessible(page)
    await signInByPassword(password)
    await page.waitForURL('**/settings')
  }, unauthorised)

  await step('profile', async () => {
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('The Resident')
    await main.getByRole('form', { name: 'Name' }).getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').first().waitFor()
    await page.locator('input[type=file]').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: await page.screenshot() })
    await button('Change it').waitFor()
    await page.waitForFunction(() => [...document.querySelectorAll('main img')].some((image) => image.naturalWidth > 0))
    await assertAccessible(page)
    await button('Remove it').click()
    await button('Add a picture').waitFor()
    await page.getByRole('combobox', { name: 'Time zone' }).selectOption('Europe/Berlin')
    await main.getByRole('form', { name: 'Language and time' }).getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved').first().waitFor()
    await page.getByRole('textbox', { name: 'Handle' }).fill(`${handle}x`)
    await button('Change the handle').click()
    await page.getByText('Saved').first().waitFor()
    await page.getByRole('textbox', { name: 'Handle' }).fill(handle)
    await button('Change the handle').click()
    await page.waitForFunction((name) => document.querySelector('input[autocomplete=username]')?.value === name, handle)
  })

  await step('authenticator', async () => {
    await page.goto('/settings/security')
    await button('Set up').click()
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
    await assertAccessible(page)
    secret = await page.locator('[data-secret]').innerText()
    await page.getByLabel('Code of the app').fill('000000')
    await button('Turn on').click()
    await main.getByText('This code is wrong or was used before.').waitFor()
    await page.getByLabel('Code of the app').fill(codeOf(secret))
    await button('Turn on').click()
    await page.locator('[data-recovery-codes] li').first().waitFor()
    codes = await page.locator('[data-recovery-codes] li').allInnerTexts()
    if (codes.length !== 10) throw new Error(`${codes.length} recovery codes`)
    await assertAccessible(page)
    await button('I have kept them').click()
    await main.getByText('10 recovery codes are left.').waitFor()
  }, unauthorised)

  await step('sign out', async () => {
    await signOut()
    await page.goto('/settings')
    await page.waitForURL('**/sign-in?next=*')
    const kept = await page.evaluate(async (name) => {
      const stores = [...(await caches.keys()), ...(await indexedDB.databases())]
      return stores.length > 0 || JSON.stringify([{ ...localStorage }, { ...sessionStorage }]).includes(name)
    }, handle)
    if (kept || (await page.locator('body').innerText()).includes(handle)) throw new Error('something of the account stays')
  })

  await step('sign in with a code', async () => {
    await signInByPassword(password)
    await page.getByRole('heading', { name: 'One more step' }).waitFor()
    await assertAccessible(page)
    await page.getByLabel('Code').fill('123 456')
    await button('Continue').click()
    await main.getByText('This code is wrong or was used before.').waitFor()
    // The code of this step was taken to set it up; the next one is good already.
    await page.getByLabel('Code').fill(codeOf(secret, 1))
    await button('Continue').click()
    await page.waitForURL('**/settings')
  }, unauthorised)

  await step('passkey', async () => {
    await plugIn(page)
    await page.goto('/settings/security')
    await page.getByLabel('Name of the passkey').fill('Key of the walk')
    await button('Add a passkey').click()
    await main.getByText('Key of the walk').waitFor()
    await page.getByRole('button', { name: 'Rename Key of the walk' }).click()
    await page.getByRole('dialog').getByLabel('Name of the passkey').fill('House key')
    await assertAccessible(page)
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await main.getByText('House key').waitFor()
    await assertAccessible(page)
  })

  await step('sign in with the passkey', async () => {
    await signOut()
    // The authenticator takes what the browser suggests for the login at once.
    await page.goto('/sign-in?next=%2Fsettings%2Fsessions')
    await page.waitForURL('**/settings/sessions')
    await main.getByText('this one').waitFor()
    // From here on it waits for the button.
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)
    })
  })

  await step('sessions', async () => {
    const token = await signInElsewhere(codes[0])
    await page.reload()
    await main.locator('[data-session=other]').first().waitFor()
    await assertAccessible(page)
    await button('Sign all others out').click()
    await main.locator('[data-session=other]').first().waitFor({ state: 'detached' })
    const status = await asks('/api/v1/me', token)
    if (status !== 401) throw new Error(`an ended session is answered with ${status}`)
  })

  await step('token', async () => {
    await page.goto('/settings/apps')
    await button('New token').click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Walker')
    await assertAccessible(page)
    await button('Create token').click()
    const token = await page.locator('[data-secret]').innerText()
    await assertAccessible(page)
    await button('I have it').click()
    if ((await asks('/api/v1/me', token)) !== 200) throw new Error('the token is good for nothing')
    await page.getByRole('button', { name: 'Delete Walker' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete Walker' }).waitFor({ state: 'detached' })
    if ((await asks('/api/v1/me', token)) !== 401) throw new Error('the token outlives its end')
    await page.getByLabel('Name of the app').fill('Player of the walk')
    await button('New app password').click()
    await page.locator('[data-secret]').waitFor()
    await assertAccessible(page)
    await button('I have it').click()
    await main.getByText('Player of the walk').waitFor()
  })

  await step('prove it again', async () => {
    // What comes after ten minutes, now.
    await page.route('**/api/v1/me/app-passwords/*', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', json: { type: '/problems/reauthentication-required', title: 'Again', status: 403 } }), { times: 1 })
    await page.getByRole('button', { name: 'Delete Player of the walk' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    const dialog = page.getByRole('dialog', { name: 'Is it you?' })
    await dialog.waitFor()
    await assertAccessible(page)
    await dialog.getByLabel('Password').fill('not the password')
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await dialog.getByText('This is not your password.').waitFor()
    await dialog.getByLabel('Password').fill(password)
    await dialog.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Delete Player of the walk' }).waitFor({ state: 'detached' })
  }, /status of 40[13]/)

  await step('another address', async () => {
    await page.goto('/settings/security')
    await page.getByLabel('New address').fill(`new-${email}`)
    await button('Change the address').click()
    await main.getByText(/We sent a link/).waitFor()
    const link = await linkIn(mail, `new-${email}`, '/change-email')
    await page.goto(link.pathname + link.hash)
    await assertAccessible(page)
    await button('Use this address').click()
    await page.getByRole('heading', { name: 'Changed' }).waitFor()
    await page.goto('/settings/security')
    await main.getByText(`new-${email}`).waitFor()
  })

  await step('export', async () => {
    await page.goto('/settings/data')
    await button('Make an archive').click()
    await main.getByText(/Your archive is ready/).waitFor({ timeout: 60_000 })
    await assertAccessible(page)
    const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()])
    if (download.suggestedFilename() !== 'legato-export.zip') throw new Error(`the archive is called ${download.suggestedFilename()}`)
    const link = await linkIn(mail, `new-${email}`, '/export')
    await page.goto(link.pathname + link.hash)
    await page.getByRole('heading', { name: 'Your archive' }).waitFor()
    await assertAccessible(page)
  }, missing)

  await step('phone, dark, German', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    for (const language of ['de', 'en']) {
      await page.getByRole('contentinfo').getByRole('combobox').selectOption(language)
      for (const path of settings) {
        await page.goto(path)
        await page.locator('main h2').first().waitFor()
        await page.waitForLoadState('networkidle')
        await assertNarrow(page)
        await assertAccessible(page)
      }
    }
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }, missing)

  await step('close', async () => {
    await page.goto('/settings/data')
    await button('Close my account').click()
    const dialog = page.getByRole('dialog', { name: 'Close your account?' })
    await assertAccessible(page)
    await dialog.getByLabel(`Type ${handle} to go on`).fill(handle)
    await dialog.getByRole('button', { name: 'Close my account' }).click()
    await page.waitForURL('**/goodbye')
    await page.getByRole('heading', { name: 'Goodbye' }).waitFor()
    await assertAccessible(page)
  })

  await step('come back', async () => {
    await page.goto('/sign-in')
    await signInByPasskey()
    await main.getByText('This account is about to be closed').waitFor()
    await assertAccessible(page)
    await button('Keep my account').click()
    await signInByPasskey()
    await page.getByRole('button', { name: /^Account of/ }).waitFor()
    await signOut()
  }, forbidden)

  await step('forgotten password', async () => {
    await page.goto('/sign-in')
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
    await assertAccessible(page)
    await page.getByLabel('Handle or email').fill(handle)
    await button('Send me a link').click()
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor()
    const link = await linkIn(mail, `new-${email}`, '/reset-password')
    await page.goto(link.pathname + link.hash)
    await assertAccessible(page)
    await page.getByLabel('New password').fill(`${password}, renewed`)
    await button('Set the password').click()
    await page.getByRole('heading', { name: 'Done' }).waitFor()
  })

  const admin = process.env.LEGATO_E2E_ADMIN
  if (admin) {
    await step('administration', async () => {
      const [login, ...rest] = admin.split(':')
      await page.goto('/sign-in?next=%2Fadmin%2Faccounts')
      await page.getByLabel('Handle or email').fill(login)
      await page.getByLabel('Password').fill(rest.join(':'))
      await button('Sign in').click()
      await page.getByLabel('Handle or email').fill(handle)
      await main.getByRole('link', { name: new RegExp(handle) }).waitFor()
      await assertAccessible(page)
      await main.getByRole('link', { name: new RegExp(handle) }).click()
      await page.getByLabel('Reason').fill('For the sake of the walk.')
      await assertAccessible(page)
      await button('Suspend').click()
      await button('Lift the suspension').click()
      await button('Suspend').waitFor()
      await main.getByText('Suspension lifted').waitFor()
      await page.getByRole('link', { name: 'Invitations' }).click()
      await page.getByLabel('Note').fill('A friend of the walk')
      await button('Invite').click()
      await page.locator('[data-secret]').waitFor()
      await assertAccessible(page)
      await page.getByRole('button', { name: 'Take A friend of the walk back' }).click()
      await page.getByRole('button', { name: 'Take A friend of the walk back' }).waitFor({ state: 'detached' })
      await page.setViewportSize({ width: 360, height: 740 })
      await assertNarrow(page)
      await page.goto('/admin/accounts')
      await main.getByRole('link', { name: new RegExp(handle) }).waitFor()
      await assertNarrow(page)
    })
  }

  async function signInByPassword(typed) {
    await page.getByLabel('Handle or email').fill(handle)
    await page.getByLabel('Password').fill(typed)
    await button('Sign in').click()
  }

  async function signInByPasskey() {
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await button('Sign in with a passkey').click()
  }

  async function signOut() {
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('navigation').getByRole('link', { name: 'Sign in' }).waitFor()
  }
})

/** Signs in as another program does; the answer is its token. */
async function signInElsewhere(code) {
  const response = await fetchPatiently(new URL('/api/v1/session', process.env.LEGATO_URL), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'walker/1' },
    body: JSON.stringify({ login: handle, password, code }),
  })
  if (response.status !== 201) throw new Error(`signing in elsewhere: ${response.status} ${await response.text()}`)
  return (await response.json()).token
}

async function asks(path, token) {
  const response = await fetchPatiently(new URL(path, process.env.LEGATO_URL), { headers: { authorization: `Bearer ${token}` } })
  return response.status
}

/** An authenticator as phones have one, of which the browser believes that its owner is there. */
async function plugIn(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
}
