import { useEffect, useState } from 'react'
import { useLocation } from 'react-router'

/** What stood in the address behind `#`. It goes from the address and the history, where others might read it. */
export function useFragment(): string {
  const { hash } = useLocation()
  const [fragment, setFragment] = useState(take)
  // A link that is opened in the same tab changes nothing but the fragment.
  useEffect(() => {
    const fresh = take()
    if (fresh !== '') setFragment(fresh)
  }, [hash])
  return fragment
}

function take(): string {
  const fragment = window.location.hash.slice(1)
  if (fragment !== '') window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  return fragment
}
