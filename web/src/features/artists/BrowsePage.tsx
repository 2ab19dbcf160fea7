import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Choice } from '../../ui/Field'
import { EmptyState } from '../../ui/Notice'
import { browsed, genresQuery, kinds, orders, type Shelf } from './browse'
import { ReleaseGrid } from './ReleaseGrid'

const thisYear = new Date().getFullYear()
const years = Array.from({ length: thisYear - 1899 }, (_, index) => String(thisYear - index))

/** The catalogue by genre, year and kind, in the order that is chosen. The address says which, so that it can be shared. */
export default function BrowsePage() {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const shelf: Shelf = {
    sort: orders.find((order) => order === search.get('sort')) ?? 'newest',
    genre: search.get('genre') ?? '',
    year: /^[1-9]\d{0,3}$/.test(search.get('year') ?? '') ? (search.get('year') ?? '') : '',
    kind: kinds.find((kind) => kind === search.get('kind')) ?? '',
  }
  const releases = useInfiniteQuery(browsed(shelf))
  const genres = useQuery(genresQuery).data?.items ?? []
  const choose = (name: keyof Shelf, value: string) => {
    const next = new URLSearchParams(search)
    if (value === '') next.delete(name)
    else next.set(name, value)
    setSearch(next, { replace: true })
  }
  const any = { value: '', label: t('browse.any') }
  // A genre that is asked for may have nothing any more.
  const names = [...new Set([...(shelf.genre === '' ? [] : [shelf.genre]), ...genres.map((genre) => genre.name)])]
  return (
    <>
      <title>{`${t('browse.title')} · Legato`}</title>
      <h1 className="mb-6 text-4xl">{t('browse.title')}</h1>
      <div className="mb-8 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Choice label={t('browse.sort')} value={shelf.sort} onChange={(event) => choose('sort', event.target.value)} options={orders.map((value) => ({ value, label: t(`browse.orders.${value}`) }))} />
        <Choice label={t('browse.genre')} value={shelf.genre} onChange={(event) => choose('genre', event.target.value)} options={[any, ...names.map((value) => ({ value, label: value }))]} />
        <Choice label={t('browse.year')} value={shelf.year} onChange={(event) => choose('year', event.target.value)} options={[any, ...[...new Set([...(shelf.year === '' ? [] : [shelf.year]), ...years])].map((value) => ({ value, label: value }))]} />
        <Choice label={t('browse.kind')} value={shelf.kind} onChange={(event) => choose('kind', event.target.value)} options={[any, ...kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))]} />
      </div>
      <ReleaseGrid query={releases} empty={<EmptyState title={t('browse.nothing')} />} />
    </>
  )
}
