import { ApiProblem } from '../../../api/problem'
import type { Release } from '../../../api/types'
import { changesOf, conflictsOf, rebased } from '../editing/merge'
import { bodyOf, changesFor, formOf, type TrackBody, type TrackForm } from '../editing/trackForm'
import type { ClashingField } from '../editing/useEditor'

/** The tracks of a release by their ids, each as its form holds it. */
export type Rows = Record<string, TrackForm>

export function rowsOf(release: Release): Rows {
  return Object.fromEntries(release.tracks.map((track) => [track.id, formOf(track)]))
}

/** What of each track is another than before; tracks of which nothing is are left out. */
export function changedRows(before: Rows, after: Rows): { id: string; changes: Partial<TrackBody> }[] {
  const changed = Object.entries(after).map(([id, form]) => ({ id, changes: changesOf(bodyOf(before[id] ?? form), bodyOf(form)) }))
  return changed.filter(({ changes }) => Object.keys(changes).length > 0)
}

/** The request for many tracks at once. A track that is gone meanwhile is gone. */
export function requestOf(before: Rows, after: Rows, now: Rows) {
  return changedRows(before, after).filter(({ id }) => id in now).map(({ id, changes }) => ({ id, changes: changesFor(changes) }))
}

/** The fields of tracks that somebody else changed meanwhile to something else. */
export function clashesOf(before: Rows, mine: Rows, now: Rows): (ClashingField & { id: string })[] {
  return Object.entries(mine).flatMap(([id, form]) => {
    const [base, theirs] = [before[id], now[id]]
    if (!base || !theirs) return []
    const [mineNow, theirsNow] = [bodyOf(form), bodyOf(theirs)]
    return conflictsOf(bodyOf(base), mineNow, theirsNow).map((field) => ({ id, about: theirs.title, field, mine: mineNow[field], theirs: theirsNow[field] }))
  })
}

/** What is there now, with what was typed here on top of it; but not in the fields that are given up. */
export function rebasedRows(before: Rows, mine: Rows, now: Rows, givenUp: readonly { id: string; field: string }[]): Rows {
  const row = (id: string, theirs: TrackForm) => {
    const [base, form] = [before[id], mine[id]]
    return base && form ? rebased(base, form, theirs, bodyOf, givenUp.filter((one) => one.id === id).map(({ field }) => field)) : theirs
  }
  return Object.fromEntries(Object.entries(now).map(([id, theirs]) => [id, row(id, theirs)]))
}

/** A refusal about `tracks[2].changes.isrc`, as one about the field of that track. */
export function placed(problem: unknown, ids: readonly string[]): { id: string; problem: ApiProblem } | null {
  if (!(problem instanceof ApiProblem)) return null
  const parts = /^tracks\[(\d+)\]\.(?:changes\.)?(.+)$/.exec(problem.field ?? '')
  const id = parts ? ids[Number(parts[1])] : undefined
  if (!parts || id === undefined) return null
  const { slug, status, detail, message } = problem
  return { id, problem: new ApiProblem({ slug, status, detail, title: message, field: parts[2] ?? null }) }
}
