import { answer, api } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import type { Report } from './hearing'

/** What the server has not heard of yet, by play, over reloads too. */
const key = 'legato.heard'
const most = 200

/** Tells the server how far a play has come. What does not arrive is told again, with the next that does or when there is a network. */
export async function tellServer(playId: string, report: Report, leaving = false): Promise<void> {
  keep({ ...kept(), [playId]: report })
  if (await tell(playId, report, leaving)) await tellRest()
}

/** Tells what did not arrive before. */
export async function tellRest(): Promise<void> {
  for (const [playId, report] of Object.entries(kept())) {
    // One after the other: where one does not arrive, the others would not either.
    // oxlint-disable-next-line no-await-in-loop
    if (!(await tell(playId, report, false))) return
  }
}

/** Whether the server has it, or wants none of it. */
async function tell(playId: string, report: Report, leaving: boolean): Promise<boolean> {
  try {
    await answer(api.PATCH('/api/v1/plays/{id}', { params: { path: { id: playId } }, body: report, keepalive: leaving }))
  } catch (problem) {
    const comesAgain = !(problem instanceof ApiProblem) || problem.status === 0 || problem.status === 429 || problem.status >= 500
    if (comesAgain) return false
  }
  const { [playId]: now, ...rest } = kept()
  // What was told meanwhile is told for itself.
  if (now?.heard_ms === report.heard_ms && now.state === report.state) keep(rest)
  return true
}

function kept(): Record<string, Report> {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    return typeof read === 'object' && read !== null ? (read as Record<string, Report>) : {}
  } catch {
    return {}
  }
}

function keep(reports: Record<string, Report>): void {
  try {
    localStorage.setItem(key, JSON.stringify(Object.fromEntries(Object.entries(reports).slice(-most))))
  } catch {
    // A browser that keeps nothing tells what it can.
  }
}
