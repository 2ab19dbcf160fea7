import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { answer, api } from '../../api/client'
import { useFieldProblem } from '../../i18n/problemText'
import { Button } from '../../ui/Button'
import { Cover } from '../../ui/Cover'
import { Field } from '../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { myArtists } from '../artists/queries'
import { Panel } from './Panel'

const places = [0, 1]

/** The artists one speaks for, and the way to a new one. */
export function StudioPage() {
  const { t } = useTranslation()
  const artists = useInfiniteQuery(myArtists)
  const items = artists.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <title>{`${t('studio.title')} · Legato`}</title>
      <h1 className="text-4xl">{t('studio.title')}</h1>
      <p className="mt-2 mb-8 max-w-xl text-soft">
        {t('studio.lead')} <Link to="/invitations" className="font-semibold text-accent underline underline-offset-4">{t('people.invitations')}</Link>
      </p>
      <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <section aria-label={t('studio.myArtists')}>
          {artists.isPending && <Loading>{places.map((place) => <Block key={place} className="mb-3 h-24 w-full rounded-2xl" />)}</Loading>}
          {artists.isError && !artists.data && <ProblemNotice problem={artists.error} onRetry={() => void artists.refetch()} />}
          {artists.data && items.length === 0 && <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-soft">{t('studio.noArtists')}</p>}
          <ul className="flex flex-col gap-3">
            {items.map((artist) => (
              <li key={artist.id}>
                <Link to={`/studio/artists/${artist.slug}`} className="flex items-center gap-5 rounded-2xl border border-line bg-surface p-4 transition-colors hover:border-edge">
                  <Cover title={artist.name} artist={artist.name} artwork={artist.avatar} sizes="4rem" className="size-16 rounded-full" />
                  <span className="min-w-0">
                    <span className="block truncate font-display text-2xl">{artist.name}</span>
                    <span className="figures text-sm text-soft">{t('artist.followers', { count: artist.follower_count, shown: artist.follower_count })}</span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
          {artists.hasNextPage && <Button className="mt-4" busy={artists.isFetchingNextPage} onClick={() => void artists.fetchNextPage()}>{t('common.more')}</Button>}
        </section>
        <NewArtist />
      </div>
    </>
  )
}

function NewArtist() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const creating = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/artists', { body: { name: name.trim() } })),
    onSuccess: async (artist) => {
      await client.invalidateQueries({ queryKey: ['artists', 'mine'] })
      await navigate(`/studio/artists/${artist.slug}`)
    },
  })
  const problemOf = useFieldProblem(creating.error)
  return (
    <Panel title={t('studio.newArtist')} onSubmit={() => creating.mutate()}>
      {creating.isError && problemOf('name') === null && <ProblemNotice problem={creating.error} />}
      <Field label={t('studio.artistName')} hint={t('studio.artistNameHint')} problem={problemOf('name')} required maxLength={200} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
      <Button type="submit" look="primary" busy={creating.isPending}>{t('studio.createArtist')}</Button>
    </Panel>
  )
}
