import type { QueryClient } from '@tanstack/react-query'
import type { Release, Stage, Track, TrackProgress } from '../../api/types'

/** Writes a step's progress into the release on the page; a settled track is fetched anew with all it now has. */
export function receiveProgress(client: QueryClient, progress: TrackProgress): void {
  for (const [key, release] of client.getQueriesData<Release>({ queryKey: ['release'] })) {
    if (!release?.tracks.some((track) => track.id === progress.track_id)) continue
    client.setQueryData(key, withProgress(release, progress))
    if (!progress.under_way) void client.invalidateQueries({ queryKey: key })
  }
}

export function withProgress(release: Release, progress: TrackProgress): Release {
  return { ...release, tracks: release.tracks.map((track) => (track.id === progress.track_id ? advance(track, progress) : track)) }
}

/** Steps run one after another: those before the named one are done, those after it wait. */
function advance(track: Track, progress: TrackProgress): Track {
  const at = track.stages.findIndex((stage) => stage.name === progress.stage)
  const stages = at < 0 ? track.stages : track.stages.map((stage, index) => (index === at ? running(stage, progress) : index < at ? done(stage) : stage))
  const problem = progress.state === 'rejected' ? progress.problem : null
  const ended = !progress.under_way && progress.state === 'ready' && !progress.problem && progress.percent >= 100
  return { ...track, state: progress.state, under_way: progress.under_way, problem, stages: ended ? stages.map(done) : whole(stages, progress) }
}

/** The time that is left is the whole chain's: it stands at the last step. */
function whole(stages: Stage[], progress: TrackProgress): Stage[] {
  return stages.map((stage, index) => (index === stages.length - 1 ? { ...stage, remaining_ms: progress.remaining_ms } : stage))
}

function running(stage: Stage, progress: TrackProgress): Stage {
  const at = { ...stage, percent: progress.percent, attempt: progress.attempt, problem: progress.problem ?? null }
  if (!progress.under_way && progress.problem) return { ...at, state: 'failed' }
  if (!progress.under_way && progress.percent < 100) return { ...at, state: 'cancelled' }
  if (progress.percent >= 100) return { ...at, state: 'done' }
  // An attempt that failed waits for the next one.
  return { ...at, state: progress.problem || progress.attempt === 0 ? 'waiting' : 'running' }
}

function done(stage: Stage): Stage {
  return { ...stage, state: 'done', percent: 100, problem: null, remaining_ms: null }
}

/** How far a track is, 0 to 100: rendering takes most of the time, so it has most of the bar. */
export function overall(stages: readonly Stage[]): number {
  const weights: Record<string, number> = { probe: 5, render: 85, package: 10 }
  const total = stages.reduce((sum, stage) => sum + (weights[stage.name] ?? 10), 0)
  const reached = stages.reduce((sum, stage) => sum + ((weights[stage.name] ?? 10) * (stage.state === 'done' ? 100 : stage.percent)) / 100, 0)
  return total === 0 ? 0 : Math.round((reached / total) * 100)
}
