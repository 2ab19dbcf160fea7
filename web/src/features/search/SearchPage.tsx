import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { Button } from '../../ui/Button'
import { Field } from '../../ui/Field'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { HitLine } from './HitLine'
import { fullSearch, useRested } from './queries'
import { Corrected } from './SearchBox'

export default function SearchPage() {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const asked = search.get('q') ?? ''
  const [text, setText] = useState(asked)
  const rested = useRested(text)
  // The address follows what is typed, and the field follows the address (back, a link, the box in the head).
  useEffect(() => setText(asked), [asked])
  useEffect(() => {
    if (rested === text && rested !== asked) setSearch(rested === '' ? {} : { q: rested }, { replace: true })
    // Only a rest in typing moves the address.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [rested])
  return (
    <div className="mx-auto max-w-3xl">
      <title>{`${asked === '' ? t('search.label') : asked} · Legato`}</title>
      <h1 className="mb-6 text-4xl">{t('search.label')}</h1>
      <Field label={t('search.placeholder')} type="search" maxLength={200} autoComplete="off" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="mt-6"><Results q={asked.trim()} onCorrect={setText} /></div>
    </div>
  )
}

const places = [0, 1, 2, 3, 4, 5]

function Results({ q, onCorrect }: { q: string; onCorrect: (text: string) => void }) {
  const { t } = useTranslation()
  const results = useInfiniteQuery(fullSearch(q))
  if (q === '') return <EmptyState title={t('search.startTitle')}><p>{t('search.start')}</p></EmptyState>
  if (results.isPending) return <Loading>{places.map((place) => <Block key={place} className="mb-3 h-14 w-full" />)}</Loading>
  if (results.isError && !results.data) return <ProblemNotice problem={results.error} onRetry={() => void results.refetch()} />
  const hits = results.data?.pages.flatMap((page) => page.items) ?? []
  const suggestion = results.data?.pages[0]?.did_you_mean
  return (
    <>
      {suggestion && <Corrected suggestion={suggestion} onChoose={() => onCorrect(suggestion)} />}
      {hits.length === 0 && <EmptyState title={t('search.nothing', { q })} />}
      <ul className={results.isPlaceholderData ? 'opacity-60' : ''}>
        {hits.map((hit) => (
          <li key={hit.kind + hit.id} className="border-b border-line last:border-b-0">
            <Link to={hit.url} className="flex items-center gap-4 rounded-lg px-3 py-3 hover:bg-tint"><HitLine hit={hit} /></Link>
          </li>
        ))}
      </ul>
      {results.hasNextPage && <Button className="mt-6" busy={results.isFetchingNextPage} onClick={() => void results.fetchNextPage()}>{t('common.more')}</Button>}
    </>
  )
}
