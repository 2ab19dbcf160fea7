// The first that stands in the text gives the name: browsers also name those that they descend from.
const programs = [['Edg', 'Edge'], ['OPR/', 'Opera'], ['SamsungBrowser/', 'Samsung Internet'], ['Firefox/', 'Firefox'], ['FxiOS/', 'Firefox'], ['CriOS/', 'Chrome'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']] as const
const systems = [['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Android', 'Android'], ['Windows', 'Windows'], ['Mac OS X', 'macOS'], ['CrOS', 'ChromeOS'], ['Linux', 'Linux']] as const

/** A name that people know for what a browser says of itself (`User-Agent`); the first word of what is no browser. */
export function deviceName(agent: string): string | null {
  const known = [programs, systems].map((names) => names.find(([sign]) => agent.includes(sign))?.[1]).filter(Boolean)
  return known.join(' · ') || (agent.match(/^[\w-]{1,40}/)?.[0] ?? null)
}
