import { problemOf } from '../uploads'

/** While the server is away, these pauses (in ms) lie between two tries. */
const RETRIES = [0, 1000, 3000, 10_000, 30_000, 60_000]

/** No part is longer, however much the server takes at once. */
const PART_BYTES = 1024 ** 3

/** Where each part of a file begins and ends: together they are the file, and none is longer than what fits. */
export function partsOf(bytes: number, most: number): [number, number][] {
  const parts: [number, number][] = []
  for (let begin = 0; begin < bytes; begin += most) parts.push([begin, Math.min(begin + most, bytes)])
  return parts
}

/** Sends a package part by part; answers with the ids of the uploads, in order. */
export async function sendPackage(file: File, onProgress: (sentBytes: number) => void): Promise<string[]> {
  const offer = await fetch('/api/v1/uploads', { method: 'OPTIONS' })
  const most = Number(offer.headers.get('tus-max-size')) || PART_BYTES
  const ids: string[] = []
  for (const [begin, end] of partsOf(file.size, Math.min(most, PART_BYTES))) {
    // One after the other: they are all of one file, on one line.
    // oxlint-disable-next-line no-await-in-loop
    ids.push(await sendPart(file.slice(begin, end), (sent) => onProgress(begin + sent)))
  }
  return ids
}

async function sendPart(part: Blob, onProgress: (sentBytes: number) => void): Promise<string> {
  const tus = await import('tus-js-client')
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(part, {
      endpoint: '/api/v1/uploads',
      headers: { 'Upload-Concat': 'partial' },
      retryDelays: RETRIES,
      storeFingerprintForResuming: false,
      onProgress,
      onSuccess: () => resolve(upload.url?.split('/').pop() ?? ''),
      onError: (error) => reject(problemOf(error)),
    })
    upload.start()
  })
}
