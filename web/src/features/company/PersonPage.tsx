import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import type { Person } from '../../api/types'
import { useProblemText } from '../../i18n/problemText'
import { NotFound } from '../../NotFound'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { showToast } from '../../ui/toasts'
import { useMe } from '../accounts/session'
import { PlaylistLine } from '../playlists/PlaylistLine'
import { HeardNow } from './HeardNow'
import { companyQuery, personPlaylists, personQuery, setFollowed } from './queries'

/** Somebody, as everybody sees them: their public playlists, and what they hear, where they share that. */
export default function PersonPage() {
  const { handle = '' } = useParams()
  const person = useQuery(personQuery(handle))
  if (person.isPending) return <Loading><Block className="h-40 w-full rounded-2xl" /></Loading>
  if (person.error instanceof ApiProblem && person.error.status === 404) return <NotFound />
  if (person.isError) return <ProblemNotice problem={person.error} onRetry={() => void person.refetch()} />
  return <View person={person.data} />
}

function View({ person }: { person: Person }) {
  const { t } = useTranslation()
  const me = useMe().data
  const playlists = useInfiniteQuery(personPlaylists(person.handle))
  const items = playlists.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="mx-auto max-w-3xl">
      <title>{`${person.display_name} · Legato`}</title>
      <header className="mb-8 flex flex-wrap items-center gap-5">
        <Avatar name={person.display_name} picture={person.picture_url} className="size-20 text-3xl" />
        <div className="min-w-0 flex-1">
          <h1 className="text-4xl leading-tight break-words">{person.display_name}</h1>
          <p className="text-soft">@{person.handle}</p>
        </div>
        {me && me.id !== person.id && <Company handle={person.handle} />}
      </header>
      <h2 className="mb-3 text-2xl">{t('playlists.title')}</h2>
      {playlists.isPending && <Loading><Block className="h-16 w-full" /></Loading>}
      {playlists.isError && !playlists.data && <ProblemNotice problem={playlists.error} onRetry={() => void playlists.refetch()} />}
      {playlists.data && items.length === 0 && <EmptyState title={t('company.noPlaylists')} />}
      <ul>{items.map((playlist) => <PlaylistLine key={playlist.id} playlist={playlist} />)}</ul>
      {playlists.hasNextPage && <Button className="mt-6" busy={playlists.isFetchingNextPage} onClick={() => void playlists.fetchNextPage()}>{t('common.more')}</Button>}
    </div>
  )
}

/** Whether one follows them; and what they hear now. */
function Company({ handle }: { handle: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const text = useProblemText()
  const company = useQuery(companyQuery(handle))
  const following = useMutation({
    mutationFn: (follows: boolean) => setFollowed(handle, follows),
    onSuccess: () => client.invalidateQueries({ queryKey: ['company'] }),
    onError: (problem) => showToast({ title: text(problem) }),
  })
  if (!company.data) return null
  const { is_followed: followed, now_playing: heard } = company.data
  return (
    <>
      <Button look={followed ? 'quiet' : 'primary'} icon={followed ? 'check' : 'plus'} aria-pressed={followed} busy={following.isPending} onClick={() => following.mutate(!followed)}>{t(followed ? 'company.followed' : 'company.follow')}</Button>
      {heard && <ul className="basis-full"><HeardNow heard={heard} /></ul>}
    </>
  )
}
