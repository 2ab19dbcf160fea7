import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Artist, SentInvitation } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Button, IconButton } from '../../../ui/Button'
import { ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { Sheet } from './Sheet'
import { sentInvitations } from './queries'

/** Who was asked and has not answered. */
export function Invitations({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(sentInvitations(artist.id))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  if (list.data && items.length === 0) return null
  return (
    <Sheet title={t('people.waiting')}>
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      <ul className="flex flex-col divide-y divide-line">{items.map((invitation) => <Line key={invitation.id} artist={artist} invitation={invitation} />)}</ul>
      {list.hasNextPage && <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </Sheet>
  )
}

function Line({ artist, invitation }: { artist: Artist; invitation: SentInvitation }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const client = useQueryClient()
  const withdrawing = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/artists/{id}/invitations/{invitation}', { params: { path: { id: artist.id, invitation: invitation.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: sentInvitations(artist.id).queryKey }),
  })
  const name = invitation.email ?? `@${invitation.handle ?? ''}`
  return (
    <li className="flex items-center gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{name}</p>
        <p className="text-sm text-soft">{`${label('memberRoles', invitation.role)} · ${t('people.until', { day: day(invitation.expires_at, locale) })}`}</p>
        {withdrawing.isError && <ProblemNotice problem={withdrawing.error} className="mt-2" />}
      </div>
      <IconButton label={t('people.withdraw', { name })} icon="trash" disabled={withdrawing.isPending} onClick={() => withdrawing.mutate()} />
    </li>
  )
}
