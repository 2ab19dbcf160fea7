// The letters that a server without a mail server keeps as files.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Waits for the newest letter to an address that leads to a page; the answer is the page's path with its code. */
export async function linkIn(folder, address, page) {
  const until = performance.now() + 30_000
  while (performance.now() < until) {
    const found = letters(folder).findLast((letter) => letter.to.includes(address) && letter.text.includes(`${page}#`))
    if (found) return new URL(/https?:\/\/\S+#\S+/.exec(found.text)[0])
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
  }
  throw new Error(`no letter to ${address} leads to ${page}`)
}

function letters(folder) {
  return readdirSync(folder).filter((name) => name.endsWith('.eml')).toSorted().map((name) => parse(readFileSync(join(folder, name), 'utf8')))
}

function parse(raw) {
  const [head, ...parts] = raw.split(/\r?\n\r?\n/)
  const text = parts.join('\n\n').replaceAll(/=\r?\n/g, '').replaceAll(/=([\dA-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
  return { to: /^To: (.*)$/im.exec(head)?.[1] ?? '', text }
}
