import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api } from '../../../api/client'
import type { Artist, ArtistMember, MemberRole } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { useLocale } from '../../../i18n/useLocale'
import { Avatar } from '../../../ui/Avatar'
import { Button } from '../../../ui/Button'
import { Confirm } from '../../../ui/Dialog'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { useMe } from '../../accounts/session'
import { artistQuery } from '../../artists/queries'
import { Sheet } from './Sheet'
import { artistMembers } from './queries'

/** The members, and for an owner the way to another role, or out. */
export function Members({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const members = useInfiniteQuery(artistMembers(artist.id))
  const items = members.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Sheet title={t('people.members')}>
      {members.isPending && <Loading><Block className="h-14 w-full" /></Loading>}
      {members.isError && !members.data && <ProblemNotice problem={members.error} onRetry={() => void members.refetch()} />}
      <ul className="flex flex-col divide-y divide-line">{items.map((member) => <Line key={member.id} artist={artist} member={member} />)}</ul>
      {members.hasNextPage && <Button className="mt-4" busy={members.isFetchingNextPage} onClick={() => void members.fetchNextPage()}>{t('common.more')}</Button>}
    </Sheet>
  )
}

function Line({ artist, member }: { artist: Artist; member: ArtistMember }) {
  const { t } = useTranslation()
  const label = useLabel()
  const locale = useLocale()
  const client = useQueryClient()
  const me = useMe().data
  const [asking, setAsking] = useState(false)
  const changing = useMutation({
    mutationFn: (role: MemberRole) => answer(api.PATCH('/api/v1/artists/{id}/members/{account}', { params: { path: { id: artist.id, account: member.id } }, body: { role } })),
    onSettled: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: artistMembers(artist.id).queryKey }), client.invalidateQueries({ queryKey: artistQuery(artist.slug).queryKey })])
    },
  })
  const own = me?.id === member.id
  const rules = artist.role === 'owner'
  // Ownership is offered, and accepted: an owner can become less here, but nobody an owner.
  const roles: MemberRole[] = member.role === 'owner' ? ['owner', 'editor', 'viewer'] : ['editor', 'viewer']
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 py-4" data-member={member.handle}>
      <Avatar name={member.display_name} picture={member.picture_url && `${member.picture_url}?size=128`} />
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-semibold">{member.display_name}</p>
        <p className="truncate text-sm text-soft">{`@${member.handle} · ${t('people.since', { day: day(member.member_since, locale) })}`}</p>
      </div>
      {rules ? (
        <select
          aria-label={t('people.roleOf', { name: member.display_name })}
          value={member.role}
          disabled={changing.isPending}
          onChange={(event) => changing.mutate(event.target.value as MemberRole)}
          className="h-10 rounded-full border border-edge bg-raised px-4 text-sm font-semibold"
        >
          {roles.map((role) => <option key={role} value={role}>{label('memberRoles', role)}</option>)}
        </select>
      ) : (
        <span className="text-sm font-semibold text-soft">{label('memberRoles', member.role)}</span>
      )}
      {(rules || own) && <Button look="danger" onClick={() => setAsking(true)}>{t(own ? 'people.leave' : 'people.remove')}</Button>}
      {changing.isError && <ProblemNotice problem={changing.error} className="w-full" />}
      {asking && <Removal artist={artist} member={member} own={own} onClose={() => setAsking(false)} />}
    </li>
  )
}

function Removal({ artist, member, own, onClose }: { artist: Artist; member: ArtistMember; own: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const removing = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/artists/{id}/members/{account}', { params: { path: { id: artist.id, account: member.id } } })),
    onSuccess: async () => {
      onClose()
      if (own) await navigate('/studio', { replace: true })
      await Promise.all([client.invalidateQueries({ queryKey: ['people', artist.id] }), client.invalidateQueries({ queryKey: ['artists', 'mine'] }), client.invalidateQueries({ queryKey: ['artist'] })])
    },
  })
  const text = own ? t('people.leaveText', { artist: artist.name }) : t('people.removeText', { name: member.display_name, artist: artist.name })
  return (
    <Confirm title={t(own ? 'people.leaveTitle' : 'people.removeTitle')} action={t(own ? 'people.leave' : 'people.remove')} icon="cross" busy={removing.isPending} problem={removing.error} onConfirm={() => removing.mutate()} onClose={onClose}>
      {text}
    </Confirm>
  )
}
