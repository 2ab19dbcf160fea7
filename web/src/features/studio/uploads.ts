import type { DetailedError, Upload as TusUpload } from 'tus-js-client'
import { queryOptions } from '@tanstack/react-query'
import { create } from 'zustand'
import { answer, api } from '../../api/client'
import { ApiProblem, toProblem } from '../../api/problem'
import { queryClient } from '../../api/queryClient'
import { releaseQuery } from '../artists/queries'
import { inNameOrder } from './files'
import { forgetInterrupted } from './interrupted'

export interface Upload {
  id: number
  releaseId: string
  /** The track whose audio the file replaces; null for a new track. */
  trackId: string | null
  file: File
  sentBytes: number
  state: 'waiting' | 'sending' | 'failed'
  problem: unknown
}

/** A file that is at the server, and may be there for the second time. */
export interface Arrived {
  uploadId: string
  releaseId: string
  name: string
  at: number
}

/** The one that is on its way; its request as soon as there is one. */
interface Sending {
  id: number
  request: TusUpload | null
}

/** Files on their way to the server. One goes at a time, so that tracks arrive in the order they were dropped. */
export const useUploads = create<{ uploads: Upload[]; arrived: Arrived[] }>(() => ({ uploads: [], arrived: [] }))

/** While the server is away, these pauses (in ms) lie between two tries. */
const RETRIES = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000, 60_000]

let count = 0
let sending: Sending | null = null

/** Queues files for a release, in the order that their names have. */
export function addUploads(releaseId: string, files: readonly File[]): void {
  queue(inNameOrder(files).map((file) => ({ file, releaseId, trackId: null })))
}

/** Queues a file that takes the place of a track's. */
export function replaceAudio(track: { id: string; release: { id: string } }, file: File): void {
  queue([{ file, releaseId: track.release.id, trackId: track.id }])
}

function queue(wanted: readonly Pick<Upload, 'file' | 'releaseId' | 'trackId'>[]): void {
  const fresh = wanted.map((upload): Upload => ({ ...upload, id: ++count, sentBytes: 0, state: 'waiting', problem: null }))
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, ...fresh] }))
  window.addEventListener('beforeunload', askBeforeLeaving)
  sendNext()
}

/** Tags are read, and a recording is known once it is analysed: until then we ask again. */
const PATIENCE_MS = 10 * 60_000

/** What became of a file that arrived, and what it has in common with others. */
export const arrivedQuery = (arrived: Arrived) =>
  queryOptions({
    queryKey: ['upload', arrived.uploadId],
    queryFn: ({ signal }) => answer(api.GET('/api/v1/uploads/{id}', { params: { path: { id: arrived.uploadId } }, signal })),
    refetchInterval: ({ state }) => ((state.data?.same_recordings.length ?? 0) > 0 || Date.now() - arrived.at > PATIENCE_MS ? false : 4000),
  })

/** Shows a file's doubles no longer. */
export function forgetArrived(uploadId: string): void {
  useUploads.setState(({ arrived }) => ({ arrived: arrived.filter((upload) => upload.uploadId !== uploadId) }))
}

/** Files go on being sent while other pages are read; only leaving the site stops them. */
function askBeforeLeaving(event: BeforeUnloadEvent): void {
  if (useUploads.getState().uploads.some((upload) => upload.state !== 'failed')) event.preventDefault()
}

export function retryUpload(id: number): void {
  change(id, { state: 'waiting', problem: null })
  sendNext()
}

/** Takes a file out of the queue, even in the middle of its way; the server forgets what it has of it. */
export function cancelUpload(id: number): void {
  const current = sending?.id === id ? sending : null
  remove(id)
  if (!current) return
  sending = null
  current.request?.abort(true).catch(() => undefined) // what it has expires by itself
  sendNext()
}

function sendNext(): void {
  if (sending !== null) return
  const upload = useUploads.getState().uploads.find((candidate) => candidate.state === 'waiting')
  if (!upload) return
  const current: Sending = { id: upload.id, request: null }
  sending = current
  change(upload.id, { state: 'sending' })
  send(upload, current).catch((problem: unknown) => end(current, () => change(upload.id, { state: 'failed', problem })))
}

async function send(upload: Upload, current: Sending): Promise<void> {
  const tus = await import('tus-js-client')
  const request = new tus.Upload(upload.file, {
    endpoint: '/api/v1/uploads',
    metadata: { filename: upload.file.name, ...(upload.trackId ? { track_id: upload.trackId } : { release_id: upload.releaseId }) },
    retryDelays: RETRIES,
    removeFingerprintOnSuccess: true,
    fingerprint: (file) => Promise.resolve(fingerprint(upload.trackId ?? upload.releaseId, file as File)),
    onProgress: (sentBytes) => change(upload.id, { sentBytes }),
    onSuccess: () => end(current, () => arrive(upload, request.url)),
    onError: (error) => end(current, () => change(upload.id, { state: 'failed', problem: problemOf(error) })),
  })
  const [before] = await request.findPreviousUploads()
  if (before) request.resumeFromPreviousUpload(before)
  if (sending !== current) return
  current.request = request
  request.start()
}

/** The same file for the same release or track goes on where it stopped, also after the page was closed. */
export function fingerprint(target: string, file: { name: string; size: number; lastModified: number }): string {
  return ['legato', target, file.name, file.size, file.lastModified].join('-')
}

function end(current: Sending, settle: () => void): void {
  if (sending !== current) return
  sending = null
  settle()
  sendNext()
}

/** The server's refusal; or that there was no answer. */
export function problemOf(error: Error | DetailedError): unknown {
  const response = 'originalResponse' in error ? error.originalResponse : null
  if (!response) return new ApiProblem({ slug: 'offline', title: 'The connection was lost', status: 0 })
  return toProblem(response.getBody(), { status: response.getStatus(), statusText: '' })
}

/** Asks for the release with its new track, or for what became of the old one. */
function arrive(upload: Upload, url: string | null): void {
  remove(upload.id)
  forgetInterrupted()
  const uploadId = url?.split('/').pop()
  if (uploadId) useUploads.setState(({ arrived }) => ({ arrived: [...arrived, { uploadId, releaseId: upload.releaseId, name: upload.file.name, at: Date.now() }] }))
  void queryClient.invalidateQueries({ queryKey: releaseQuery(upload.releaseId).queryKey })
  void queryClient.invalidateQueries({ queryKey: ['quota'] })
  if (upload.trackId) void queryClient.invalidateQueries({ queryKey: ['track', upload.trackId] })
}

function change(id: number, changes: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)) }))
}

function remove(id: number): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((upload) => upload.id !== id) }))
}
