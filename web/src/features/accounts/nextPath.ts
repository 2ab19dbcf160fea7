/** Where to go after signing in: a path of this site, whatever the address bar says; else the home page. */
export function nextPath(wanted: string | null): string {
  if (wanted === null || !wanted.startsWith('/') || hasControl(wanted)) return '/'
  const base = 'http://legato.invalid'
  let url: URL
  try {
    url = new URL(wanted, base)
  } catch {
    return '/'
  }
  // `//evil` and `/\evil` name another host; a path may itself come out as `//evil` after `/.//evil`.
  if (url.origin !== base || url.pathname.startsWith('//')) return '/'
  if (url.pathname === '/sign-in' || url.pathname === '/sign-up') return '/'
  return url.pathname + url.search + url.hash
}

/** Browsers drop tabs and line breaks inside an address, so `/<tab>/evil` would become `//evil`. */
function hasControl(text: string): boolean {
  return [...text].some((character) => character < ' ' || character === '\u007f')
}
