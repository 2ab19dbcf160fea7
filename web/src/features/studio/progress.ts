import type { QueryClient } from '@tanstack/react-query'
import type { Release, Stage, Track, TrackProgress } from '../../api/types'

/** Writes a step's progress into the release on the page; a settled track is fetched anew with all it now has. */
export function receiveProgress(client: QueryClient, progress: TrackProgress): void {
  for (const [key, release] of client.getQueriesData<Release>({ queryKey: ['release'] })) {
    if (!release?.tracks.some((track) => track.id === progress.track_id)) continue
    client.setQueryData(key, withProgress(release, progress))
    if (progress.state !== 'processing') void client.invalidateQueries({ queryKey: key })
  }
}

export function withProgress(release: Release, progress: TrackProgress): Release {
  return { ...release, tracks: release.tracks.map((track) => (track.id === progress.track_id ? advance(track, progress) : track)) }
}

/** Steps run one after another: those before the named one are done, those after it wait. */
function advance(track: Track, progress: TrackProgress): Track {
  const at = track.stages.findIndex((stage) => stage.name === progress.stage)
  const stages = at < 0 ? track.stages : track.stages.map((stage, index) => (index === at ? running(stage, progress) : index < at ? done(stage) : stage))
  return { ...track, state: progress.state, problem: progress.problem, stages: progress.state === 'ready' ? stages.map(done) : stages }
}

function running(stage: Stage, progress: TrackProgress): Stage {
  const state = progress.state === 'rejected' ? 'failed' : progress.percent >= 100 ? 'done' : 'running'
  return { ...stage, state, percent: progress.percent, attempt: progress.attempt }
}

function done(stage: Stage): Stage {
  return { ...stage, state: 'done', percent: 100 }
}

/** How far a track is, 0 to 100: rendering takes most of the time, so it has most of the bar. */
export function overall(stages: readonly Stage[]): number {
  const weights: Record<string, number> = { probe: 5, render: 85, package: 10 }
  const total = stages.reduce((sum, stage) => sum + (weights[stage.name] ?? 10), 0)
  const reached = stages.reduce((sum, stage) => sum + ((weights[stage.name] ?? 10) * (stage.state === 'done' ? 100 : stage.percent)) / 100, 0)
  return total === 0 ? 0 : Math.round((reached / total) * 100)
}
