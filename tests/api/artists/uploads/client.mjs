// Uploads a file by tus-js-client: node client.mjs ENDPOINT TOKEN RELEASE FILE PARTS
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const web = join(dirname(fileURLToPath(import.meta.url)), '../../../../web/package.json')
const { Upload } = createRequire(web)('tus-js-client')
const [endpoint, token, release, file, parts] = process.argv.slice(2)

const upload = new Upload(parts === '1' ? createReadStream(file) : readFileSync(file), {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: basename(file), release_id: release, type: 'audio/wav' },
  chunkSize: 100_000,
  parallelUploads: Number(parts),
  uploadSize: undefined,
  retryDelays: [20, 50, 100, 200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
  onError: (error) => {
    console.error(String(error))
    process.exit(1)
  },
  onSuccess: () => console.log(upload.url),
})
upload.start()
