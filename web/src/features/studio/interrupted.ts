import { queryOptions } from '@tanstack/react-query'
import type { PreviousUpload } from 'tus-js-client'
import { queryClient } from '../../api/queryClient'

/** A file that was being sent when the page was closed. */
export interface Interrupted {
  /** Its place in the browser's storage. */
  key: string
  name: string
  size: number
  sentBytes: number
  url: string
}

const KEY = ['interrupted-uploads']

/** The files of a release that the server still waits for. The browser knows their names, and not the files themselves. */
export function interruptedQuery(releaseId: string) {
  return queryOptions({ queryKey: [...KEY, releaseId], queryFn: () => find(releaseId), staleTime: 10_000 })
}

export function forgetInterrupted(): void {
  void queryClient.invalidateQueries({ queryKey: KEY })
}

/** Gives one up, here and at the server. */
export async function dropInterrupted({ key, url }: Interrupted): Promise<void> {
  localStorage.removeItem(key)
  forgetInterrupted()
  await fetch(url, { method: 'DELETE', headers: { 'Tus-Resumable': '1.0.0' } }).catch(() => undefined) // it expires by itself
}

async function find(releaseId: string): Promise<Interrupted[]> {
  // What tus-js-client notes of an upload begins with this, and ours goes on with its fingerprint.
  const prefix = `tus::legato-${releaseId}-`
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix))
  const asked = await Promise.all(keys.map(ask))
  return asked.filter((upload) => upload !== null)
}

async function ask(key: string): Promise<Interrupted | null> {
  const noted = parse(localStorage.getItem(key))
  if (!noted?.uploadUrl) return null
  const response = await fetch(noted.uploadUrl)
  const upload = response.ok ? ((await response.json()) as { state: string; offset: number }) : null
  if (upload?.state === 'arriving') return { key, name: noted.metadata.filename ?? '', size: noted.size ?? 0, sentBytes: upload.offset, url: noted.uploadUrl }
  if (response.status < 500) localStorage.removeItem(key)
  return null
}

function parse(text: string | null): PreviousUpload | null {
  try {
    return JSON.parse(text ?? 'null') as PreviousUpload | null
  } catch {
    return null
  }
}
