import type { SearchHit } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { Cover } from '../../ui/Cover'
import { Highlighted } from './Highlighted'

/** What a hit shows in any list: its picture, both lines, and what it is. */
export function HitLine({ hit }: { hit: SearchHit }) {
  const label = useLabel()
  const artist = hit.kind === 'artist' ? hit.title : hit.subtitle
  return (
    <>
      <Cover title={hit.title} artist={artist} artwork={hit.artwork} sizes="2.75rem" className={`size-11 shrink-0 ${hit.kind === 'artist' ? 'rounded-full' : ''}`} />
      <span className="min-w-0 flex-1">
        <span className="block truncate leading-snug"><Highlighted hit={hit} field="title" /></span>
        <span className="block truncate text-sm text-soft">{hit.subtitle !== '' && <Highlighted hit={hit} field="subtitle" />}</span>
      </span>
      <span className="shrink-0 text-xs text-soft">{label('hitKinds', hit.kind)}</span>
    </>
  )
}
