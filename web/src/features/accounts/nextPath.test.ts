import { expect, it } from 'vitest'
import { nextPath } from './nextPath'

it.each(['/', '/studio', '/releases/1?track=2', '/search?q=a%2Fb#top', '/artists/%2F%2Fevil'])('goes on to %s', (path) => expect(nextPath(path)).toBe(path))

it.each([
  null, '', 'evil', 'https://evil.example', '//evil.example', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', ' //evil.example',
  '/\t/evil.example', '/\n/evil.example', '\t//evil.example', '/..//evil.example', '/.//evil.example', 'data:text/html,x', '/sign-in?next=/studio', '/sign-up',
])('stays at home for %j', (path) => expect(nextPath(path)).toBe('/'))
