import type { AccountState } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'

/** Where an account stands. */
export function StateBadge({ state }: { state: AccountState }) {
  const label = useLabel()
  return <span className={`shrink-0 rounded-full px-3 py-1 text-xs font-semibold ${state === 'active' ? 'bg-calm-tint text-calm' : 'bg-alarm-tint text-alarm'}`}>{label('accountStates', state)}</span>
}
