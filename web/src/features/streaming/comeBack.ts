import { ApiProblem } from '../../api/problem'
import { retry, usePlayer } from './player'

/** How long until it is tried again, each time after the one before; the last one from then on. */
const pausesMs = [2_000, 4_000, 8_000, 15_000]
/** Who has not been back for so long has to press. */
const longestMs = 30 * 60_000

/** Lets music that stopped for want of a server go on by itself, where it was, as soon as there is one. Answers how to end that. */
export function followConnection(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let tries = 0
  let lostAt = 0
  addEventListener('online', tryAgain)
  const leave = usePlayer.subscribe(({ status, problem }, before) => {
    if (status === before.status && problem === before.problem) return
    clearTimeout(timer)
    // What is tried is neither back nor given up.
    if (status === 'loading') return
    if (status !== 'failed' || !isAway(problem)) {
      tries = 0
      return
    }
    if (tries === 0) lostAt = Date.now()
    if (Date.now() - lostAt > longestMs) return
    timer = setTimeout(tryAgain, pausesMs[Math.min(tries, pausesMs.length - 1)])
    tries += 1
  })
  return () => {
    clearTimeout(timer)
    removeEventListener('online', tryAgain)
    leave()
  }
}

function tryAgain(): void {
  const { status, problem } = usePlayer.getState()
  if (status === 'failed' && isAway(problem)) retry()
}

/** Whether it was no answer of the server's that ended the music, or one that will be another soon. */
function isAway(problem: unknown): boolean {
  return problem instanceof ApiProblem && (problem.slug === 'offline' || problem.slug === 'stream-lost' || problem.status >= 500)
}
