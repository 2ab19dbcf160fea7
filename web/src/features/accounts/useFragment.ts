import { useEffect, useState } from 'react'

/** What stood in the address behind `#`. It goes from the address and the history, where others might read it. */
export function useFragment(): string {
  const [fragment, setFragment] = useState(read)
  useEffect(() => {
    // A link that is opened in the same tab changes nothing but the fragment.
    const follow = () => {
      const fresh = read()
      if (fresh !== '') setFragment(fresh)
      remove()
    }
    remove()
    window.addEventListener('hashchange', follow)
    return () => window.removeEventListener('hashchange', follow)
  }, [])
  return fragment
}

function read(): string {
  return window.location.hash.slice(1)
}

function remove(): void {
  if (window.location.hash !== '') window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
}
