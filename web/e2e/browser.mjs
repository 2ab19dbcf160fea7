// A real Chromium for the walks: started, watched, and photographed at fault.
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--mute-audio',
]
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Runs a walk against $LEGATO_URL; prints a line per step, and ends the process with 1 and a picture at fault. */
export async function walk(name, steps) {
  const base = process.env.LEGATO_URL
  if (!base) throw new Error('LEGATO_URL names no server')
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
  try {
    const page = await browser.newPage({ baseURL: base, viewport: { width: 1280, height: 860 }, colorScheme: 'light', reducedMotion: 'reduce', locale: 'en-GB' })
    page.setDefaultTimeout(15_000)
    const complaints = watch(page)
    let current = 'start'
    // `expected` says which refusals belong to the step: the browser notes each of them as an error.
    const step = async (title, work, expected = /^$/) => {
      current = title
      const began = performance.now()
      const note = await work()
      const told = complaints.splice(0).filter((complaint) => !expected.test(complaint))
      if (told.length > 0) throw new Error(told.join('\n'))
      await photograph(page, `${name}-${title}`)
      console.log(`ok   ${title} (${Math.round(performance.now() - began)} ms)${note ? ` · ${note}` : ''}`)
    }
    try {
      await steps(page, step)
      console.log(`done ${name}`)
    } catch (fault) {
      const picture = await photograph(page, `${name}-fault`)
      console.error(`FAIL ${current}: ${fault.stack ?? fault}\n     at ${page.url()}${picture ? `, picture in ${picture}` : ''}`)
      process.exitCode = 1
    }
  } finally {
    await browser.close()
  }
}

/** `fetch`, again when a busy server says to come back within seconds. */
export async function fetchPatiently(...request) {
  for (;;) {
    const response = await fetch(...request)
    const wait = Number(response.headers.get('retry-after') ?? Number.POSITIVE_INFINITY)
    if (response.status !== 429 || wait > 5) return response
    await new Promise((resolve) => setTimeout(resolve, wait * 1000))
  }
}

/** Whatever the page complains of: script errors, console errors, breaches of its policy. */
function watch(page) {
  const complaints = []
  page.on('pageerror', (error) => complaints.push(`script error: ${error.stack ?? error}`))
  page.on('console', (message) => {
    // The browser reports each breach of the Content-Security-Policy here as well.
    // What a busy server puts off is asked again, which the browser notes all the same.
    if (message.type() === 'error' && !message.text().includes('status of 429')) complaints.push(`console: ${message.text()} (${message.location().url})`)
  })
  page.on('dialog', (dialog) => void dialog.dismiss())
  return complaints
}

/** Fails on any violation that axe finds on the page as it stands. */
export async function assertAccessible(page) {
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await page.evaluate(axe)
  const violations = await page.evaluate(async () => {
    const result = await globalThis.axe.run(document)
    return result.violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join('\n  ')}`)
  })
  if (violations.length > 0) throw new Error(`axe: ${violations.join('\n')}`)
}

export async function photograph(page, name) {
  const folder = process.env.LEGATO_E2E_SCREENSHOTS
  if (!folder) return null
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${name.replaceAll(/[^\w-]+/g, '-')}.png`)
  await page.screenshot({ path })
  return path
}

/** Fails when the page is wider than its window. */
export async function assertNarrow(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  if (wide) throw new Error(`${page.url()} scrolls sideways at ${page.viewportSize().width} px`)
}

/** The position of whatever sounds, in seconds. */
export function position(page) {
  return page.evaluate(() => Math.max(0, ...[...document.querySelectorAll('audio')].filter((audio) => !audio.paused).map((audio) => audio.currentTime)))
}

/** Waits until the music has moved by `seconds`; the answer is where it is then. */
export async function hear(page, seconds = 1) {
  const from = await position(page)
  const until = performance.now() + 15_000
  while (performance.now() < until) {
    const at = await position(page)
    if (at > from + seconds) return at
    await page.waitForTimeout(50)
  }
  throw new Error(`the music stands still at ${await position(page)} s`)
}
