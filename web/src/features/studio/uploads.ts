import { create } from 'zustand'
import { ApiProblem, toProblem } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import type { Release, Track } from '../../api/types'
import { releaseQuery } from '../artists/queries'

export interface Upload {
  id: number
  releaseId: string
  file: File
  sentBytes: number
  state: 'waiting' | 'sending' | 'failed'
  problem: unknown
}

/** Files on their way to the server. One goes at a time, so that tracks arrive in the order they were dropped. */
export const useUploads = create<{ uploads: Upload[] }>(() => ({ uploads: [] }))

let count = 0
let sending: { id: number; request: XMLHttpRequest } | null = null

/** Queues files for a release, in the order that their names have. */
export function addUploads(releaseId: string, files: readonly File[]): void {
  const fresh = inNameOrder(files).map((file): Upload => ({ id: ++count, releaseId, file, sentBytes: 0, state: 'waiting', problem: null }))
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, ...fresh] }))
  window.addEventListener('beforeunload', askBeforeLeaving)
  sendNext()
}

/** Files go on being sent while other pages are read; only leaving the site would lose them. */
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  if (useUploads.getState().uploads.some((upload) => upload.state !== 'failed')) event.preventDefault()
}

/** `2 …` comes before `10 …`. */
export function inNameOrder<F extends { name: string }>(files: readonly F[]): F[] {
  const order = new Intl.Collator(undefined, { numeric: true })
  return files.toSorted((a, b) => order.compare(a.name, b.name))
}

export function retryUpload(id: number): void {
  change(id, { state: 'waiting', sentBytes: 0, problem: null })
  sendNext()
}

/** Takes a file out of the queue, even in the middle of its way. */
export function cancelUpload(id: number): void {
  const request = sending?.id === id ? sending.request : null
  remove(id)
  request?.abort()
}


function sendNext(): void {
  if (sending !== null) return
  const upload = useUploads.getState().uploads.find((candidate) => candidate.state === 'waiting')
  if (upload) send(upload)
}

function send(upload: Upload): void {
  const request = new XMLHttpRequest()
  sending = { id: upload.id, request }
  change(upload.id, { state: 'sending' })
  request.upload.addEventListener('progress', (event) => change(upload.id, { sentBytes: Math.min(event.loaded, upload.file.size) }))
  request.addEventListener('loadend', () => {
    sending = null
    settle(upload, request)
    sendNext()
  })
  const form = new FormData()
  form.append('file', upload.file)
  request.open('POST', `/api/v1/releases/${encodeURIComponent(upload.releaseId)}/tracks`)
  request.send(form)
}

function settle(upload: Upload, request: XMLHttpRequest): void {
  if (request.status >= 200 && request.status < 300) {
    remove(upload.id)
    arrive(upload.releaseId, JSON.parse(request.responseText) as Track)
    return
  }
  const lost = request.status === 0
  const problem = lost ? new ApiProblem({ slug: 'offline', title: 'The connection was lost', status: 0 }) : toProblem(request.responseText, request)
  change(upload.id, { state: 'failed', problem })
}

/** Shows the new track at once, and asks for what happened to it while its answer was on the way. */
function arrive(releaseId: string, track: Track): void {
  const key = releaseQuery(releaseId).queryKey
  queryClient.setQueryData(key, (release: Release | undefined) => {
    if (!release || release.tracks.some((known) => known.id === track.id)) return release
    return { ...release, tracks: [...release.tracks, track], track_count: release.track_count + 1 }
  })
  void queryClient.invalidateQueries({ queryKey: key })
}

function change(id: number, changes: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)) }))
}

function remove(id: number): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => upload.id !== id) }))
}
