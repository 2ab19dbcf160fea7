// Fails unless dist/ is, byte for byte, what the sources give.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '..')
const fresh = mkdtempSync(join(tmpdir(), 'legato-dist-'))
try {
  await build({ root, logLevel: 'error', build: { outDir: fresh, emptyOutDir: true } })
  const problems = difference(files(join(root, 'dist')), files(fresh))
  if (problems.length > 0) {
    console.error(`dist/ is not what the sources give: run \`npm run build\`\n  ${problems.join('\n  ')}`)
    process.exitCode = 1
  } else {
    console.log('dist is what the sources give')
  }
} finally {
  rmSync(fresh, { recursive: true })
}

function difference(committed, built) {
  const names = new Set([...committed.keys(), ...built.keys()])
  return [...names].toSorted().flatMap((name) => {
    if (!built.has(name)) return [`${name}: no longer built`]
    if (!committed.has(name)) return [`${name}: missing`]
    return committed.get(name).equals(built.get(name)) ? [] : [`${name}: differs`]
  })
}

function files(folder) {
  const found = new Map()
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name)
    if (statSync(path).isFile()) found.set(relative(folder, path), readFileSync(path))
  }
  return found
}
