// Fails unless src/api/schema.d.ts is what ../openapi.json gives.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'legato-schema-'))
try {
  const fresh = join(folder, 'schema.d.ts')
  execFileSync(
    join(root, 'node_modules/.bin/openapi-typescript'),
    [join(root, '../openapi.json'), '--output', fresh],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  if (readFileSync(fresh, 'utf8') !== readFileSync(join(root, 'src/api/schema.d.ts'), 'utf8')) {
    console.error('src/api/schema.d.ts is not what openapi.json gives: run `npm run generate`')
    process.exitCode = 1
  } else {
    console.log('schema.d.ts is what openapi.json gives')
  }
} finally {
  rmSync(folder, { recursive: true })
}
