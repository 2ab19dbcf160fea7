import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { answer, api } from '../../../api/client'
import type { ReceivedInvitation } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Cover } from '../../../ui/Cover'
import { Block, EmptyState, Loading, ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { RequireAccount } from '../../accounts/RequireAccount'
import { Shares } from './Shares'
import { myInvitations } from './queries'

/** What one is asked: the artists that want the reader to act for them. */
export default function InvitationsPage() {
  return <RequireAccount><Asked /></RequireAccount>
}

function Asked() {
  const { t } = useTranslation()
  const list = useInfiniteQuery(myInvitations)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="mx-auto max-w-3xl">
      <title>{`${t('people.invitations')} · Legato`}</title>
      <h1 className="mb-6 text-4xl">{t('people.invitations')}</h1>
      {list.isPending && <Loading><Block className="h-20 w-full rounded-2xl" /></Loading>}
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <EmptyState title={t('people.nothingAsked')}><p>{t('people.nothingAskedLead')}</p></EmptyState>}
      <ul className="flex flex-col gap-3">{items.map((invitation) => <Line key={invitation.id} invitation={invitation} />)}</ul>
      {list.hasNextPage && <Button className="mt-6" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
      <Shares />
    </div>
  )
}

function Line({ invitation }: { invitation: ReceivedInvitation }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const client = useQueryClient()
  const navigate = useNavigate()
  const where = { params: { path: { id: invitation.id } } }
  const onSettled = () => client.invalidateQueries({ queryKey: myInvitations.queryKey })
  const accepting = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/me/invitations/{id}/acceptance', where)),
    onSuccess: async (artist) => {
      await Promise.all([client.invalidateQueries({ queryKey: ['artists', 'mine'] }), client.invalidateQueries({ queryKey: ['artist'] })])
      await navigate(`/studio/artists/${artist.slug}`)
    },
    onSettled,
  })
  const refusing = useMutation({ mutationFn: () => answer(api.PUT('/api/v1/me/invitations/{id}/refusal', where)), onSettled })
  const { artist, invited_by: host } = invitation
  const problem = accepting.error ?? refusing.error
  return (
    <li className="flex flex-wrap items-center gap-4 rounded-2xl border border-line bg-surface p-4">
      <Cover title={artist.name} artist={artist.name} className="size-16 rounded-full" />
      <div className="min-w-0 flex-1 basis-48">
        <Link to={`/artists/${artist.slug}`} className="block truncate font-display text-2xl hover:underline">{artist.name}</Link>
        <p className="text-sm text-soft">{t('people.asks', { name: host?.display_name ?? '', role: label('memberRoles', invitation.role) })}</p>
        <p className="text-sm text-soft">{`${label('memberRoleHints', invitation.role)} ${t('people.until', { day: day(invitation.expires_at, locale) })}`}</p>
      </div>
      <Button look="primary" busy={accepting.isPending} onClick={() => accepting.mutate()}>{t('people.accept')}</Button>
      <Button busy={refusing.isPending} onClick={() => refusing.mutate()}>{t('people.decline')}</Button>
      {problem && <ProblemNotice problem={problem} className="w-full" />}
    </li>
  )
}
