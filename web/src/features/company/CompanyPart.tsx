import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Avatar } from '../../ui/Avatar'
import { Button } from '../../ui/Button'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { HeardNow } from './HeardNow'
import { followed, myRooms, nowPlaying } from './queries'

/** With whom one listens: what they hear now, one's rooms, and whom one follows. */
export function CompanyPart() {
  const { t } = useTranslation()
  const now = useQuery(nowPlaying)
  const rooms = useQuery(myRooms)
  const people = useInfiniteQuery(followed)
  if (now.isPending || rooms.isPending || people.isPending) return <Loading><Block className="h-40 w-full" /></Loading>
  const problem = now.error ?? rooms.error ?? people.error
  if (problem) return <ProblemNotice problem={problem} onRetry={() => void Promise.all([now.refetch(), rooms.refetch(), people.refetch()])} />
  const all = people.data?.pages.flatMap((page) => page.items) ?? []
  const heard = now.data?.items ?? []
  const open = rooms.data?.items ?? []
  return (
    <div className="grid max-w-3xl gap-10">
      <section>
        <h2 className="mb-3 text-2xl">{t('company.now')}</h2>
        {heard.length === 0 ? <p className="text-soft">{t('company.silence')}</p> : <ul>{heard.map((one) => <HeardNow key={one.account.id} heard={one} />)}</ul>}
      </section>
      {open.length > 0 && (
        <section>
          <h2 className="mb-3 text-2xl">{t('company.rooms')}</h2>
          <ul>
            {open.map((room) => (
              <li key={room.id} className="border-b border-line last:border-b-0">
                <Link to={`/rooms/${room.id}`} className="flex items-center gap-4 rounded-lg px-3 py-3 hover:bg-tint">
                  <span className="min-w-0 flex-1 truncate font-semibold">{room.title}</span>
                  <span className="text-sm text-soft">{t('company.people', { count: room.member_count })}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2 className="mb-3 text-2xl">{t('company.followedTitle')}</h2>
        {all.length === 0 && <EmptyState title={t('company.nobody')}><p>{t('company.nobodyLead')}</p></EmptyState>}
        <ul>
          {all.map(({ account }) => (
            <li key={account.id}>
              <Link to={`/people/${account.handle}`} className="flex items-center gap-4 rounded-lg px-3 py-2.5 hover:bg-tint">
                <Avatar name={account.display_name} picture={account.picture_url} />
                <span className="min-w-0 flex-1 truncate font-semibold">{account.display_name}</span>
              </Link>
            </li>
          ))}
        </ul>
        {people.hasNextPage && <Button className="mt-6" busy={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>{t('common.more')}</Button>}
      </section>
    </div>
  )
}
