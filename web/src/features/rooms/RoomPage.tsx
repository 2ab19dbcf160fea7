import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation, useNavigate, useParams } from 'react-router'
import { answer, api } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import type { Room, RoomMember } from '../../api/types'
import { useProblemText } from '../../i18n/problemText'
import { NotFound } from '../../NotFound'
import { Button, IconButton } from '../../ui/Button'
import { CopyButton } from '../../ui/CopyButton'
import { Tick } from '../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../ui/Notice'
import { clock } from '../../ui/time'
import { showToast } from '../../ui/toasts'
import { RequireAccount } from '../accounts/RequireAccount'
import { Playing } from '../streaming/Playing'
import { usePlayer, warmUp } from '../streaming/player'
import { holdKey, roomQuery } from './queries'
import { followRoom, steer, stopListening, useTogether } from './together'

export default function RoomPage() {
  return <RequireAccount><Visit /></RequireAccount>
}

/** Comes in with the key of the address, which goes to no other server. */
function Visit() {
  const { id = '' } = useParams()
  const { hash } = useLocation()
  useState(() => holdKey(id, new URLSearchParams(hash.slice(1)).get('key')))
  const room = useQuery(roomQuery(id))
  if (room.isPending) return <Loading><Block className="h-40 w-full rounded-2xl" /></Loading>
  if (room.error instanceof ApiProblem && room.error.status === 404) return <NotFound />
  if (room.isError) return <ProblemNotice problem={room.error} onRetry={() => void room.refetch()} />
  return <View room={room.data} />
}

function View({ room }: { room: Room }) {
  const { t } = useTranslation()
  const following = useTogether((state) => state.roomId === room.id)
  return (
    <div className="mx-auto max-w-3xl">
      <title>{`${room.title} · Legato`}</title>
      <header className="mb-8">
        <p className="text-sm font-semibold text-accent">{t('rooms.room')}</p>
        <h1 className="mt-1 text-4xl leading-tight break-words">{room.title}</h1>
        <p className="mt-2 text-soft" role="status">{t(following ? 'rooms.along' : room.playback.is_playing ? 'rooms.plays' : 'rooms.rests')}</p>
        <Controls room={room} following={following} />
      </header>
      <Items room={room} following={following} />
      <People room={room} />
    </div>
  )
}

function Controls({ room, following }: { room: Room; following: boolean }) {
  const { t } = useTranslation()
  const text = useProblemText()
  const navigate = useNavigate()
  const client = useQueryClient()
  const complain = (problem: unknown) => showToast({ title: text(problem) })
  const listening = useMutation({
    mutationFn: async () => {
      await followRoom(room.id)
      const { current, position_ms } = room.playback
      if (room.may_steer && !room.playback.is_playing) await steer(room.id, { current, position_ms, is_playing: true })
    },
    onError: complain,
  })
  const going = useMutation({
    mutationFn: (all: boolean) => {
      const params = { path: { id: room.id } }
      return all ? answer<unknown>(api.DELETE('/api/v1/rooms/{id}', { params })) : answer<unknown>(api.DELETE('/api/v1/rooms/{id}/membership', { params }))
    },
    onSuccess: async () => {
      if (following) stopListening()
      await navigate('/')
      client.removeQueries({ queryKey: ['room', room.id] })
    },
    onError: complain,
  })
  return (
    <div className="mt-5 flex flex-wrap items-center gap-3">
      {following
        ? <Button icon="pause" onClick={stopListening}>{t('rooms.stop')}</Button>
        : <Button look="primary" icon="play" busy={listening.isPending} onPointerEnter={warmUp} onClick={() => listening.mutate()}>{t(room.may_steer && !room.playback.is_playing ? 'rooms.begin' : 'rooms.listen')}</Button>}
      <CopyButton text={`${location.origin}/rooms/${room.id}#key=${room.key}`} />
      <span className="text-sm text-soft">{t('rooms.invitation')}</span>
      <Button className="ml-auto" busy={going.isPending} onClick={() => going.mutate(room.is_host)}>{t(room.is_host ? 'rooms.close' : 'rooms.leave')}</Button>
    </div>
  )
}

function Items({ room, following }: { room: Room; following: boolean }) {
  const { t } = useTranslation()
  const text = useProblemText()
  const moving = usePlayer((state) => following && state.status === 'playing')
  // While it is heard here, the player knows best where it is.
  const heard = usePlayer((state) => (following && state.queue ? state.queue.tracks[state.queue.at]?.id : undefined))
  const { current } = room.playback
  const at = heard !== undefined && room.items[current]?.track_id !== heard ? room.items.findIndex((item) => item.track_id === heard) : current
  const go = (index: number) => void steer(room.id, { current: index, position_ms: 0, is_playing: true }).catch((problem: unknown) => showToast({ title: text(problem) }))
  return (
    <ol aria-label={t('player.queue')} className="mb-10">
      {room.items.map((item, index) => (
        // The same track may stand in it several times.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={`${index} ${item.track_id}`} className="border-b border-line last:border-b-0">
          <button type="button" disabled={!room.may_steer} aria-current={index === at ? 'true' : undefined} onClick={() => go(index)} className="flex w-full items-center gap-4 rounded-lg px-3 py-3 text-left enabled:hover:bg-tint">
            <span className="figures w-6 shrink-0 text-sm text-soft">{index === at ? <Playing moving={moving} /> : index + 1}</span>
            <span className="min-w-0 flex-1">
              <span className={`block truncate ${index === at ? 'font-semibold text-accent' : ''}`}>{item.track?.title ?? t('rooms.silence')}</span>
              {item.track && <span className="block truncate text-sm text-soft">{item.track.artist.name}</span>}
            </span>
            <span className="figures text-sm text-soft">{clock(item.duration_ms)}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}

function People({ room }: { room: Room }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const text = useProblemText()
  const settings = {
    onSuccess: () => client.invalidateQueries({ queryKey: ['room', room.id] }),
    onError: (problem: unknown) => showToast({ title: text(problem) }),
  }
  const removing = useMutation({
    mutationFn: (account: string) => answer<unknown>(api.DELETE('/api/v1/rooms/{id}/members/{account}', { params: { path: { id: room.id, account } } })),
    ...settings,
  })
  const opening = useMutation({
    mutationFn: (is_open: boolean) => answer(api.PATCH('/api/v1/rooms/{id}', { params: { path: { id: room.id } }, body: { is_open } })),
    ...settings,
  })
  const name = ({ account, is_host }: RoomMember) => (is_host ? t('rooms.host', { name: account.display_name }) : account.display_name)
  return (
    <section aria-label={t('rooms.people')}>
      <h2 className="mb-3 text-2xl">{t('rooms.people')}</h2>
      <ul className="mb-6">
        {room.members.map((member) => (
          <li key={member.account.id} className="flex min-h-11 items-center gap-2">
            <Link to={`/people/${member.account.handle}`} className="min-w-0 flex-1 truncate hover:underline">{name(member)}</Link>
            {room.is_host && !member.is_host && <IconButton label={t('rooms.remove', { name: member.account.display_name })} icon="cross" onClick={() => removing.mutate(member.account.id)} />}
          </li>
        ))}
      </ul>
      {room.is_host && <Tick label={t('rooms.open')} hint={t('rooms.openHint')} checked={room.is_open} disabled={opening.isPending} onChange={(event) => opening.mutate(event.target.checked)} />}
    </section>
  )
}
