import { useEffect, useState } from 'react'

/** What stood in the address behind `#`. It goes from the address and the history, where others might read it. */
export function useFragment(): string {
  const [fragment, setFragment] = useState(take)
  useEffect(() => {
    // A link that is opened in the same tab changes nothing but the fragment.
    const follow = () => setFragment((known) => take() || known)
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [])
  return fragment
}

function take(): string {
  const fragment = window.location.hash.slice(1)
  if (fragment !== '') window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
  return fragment
}
