import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { SignedInDevice } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Icon } from '../../../ui/Icon'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { ago, day } from '../../../ui/time'
import { deviceName } from './deviceName'
import { PageTitle } from './PageTitle'
import { sessions } from './queries'
import { Actions, Section } from './Section'

const places = [0, 1, 2]

/** The devices that are signed in. */
export function SessionsPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const list = useQuery(sessions)
  const ending = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/sessions')),
    onSettled: () => client.invalidateQueries({ queryKey: sessions.queryKey }),
  })
  const items = list.data?.items ?? []
  return (
    <>
      <PageTitle page="sessions" />
      <Section title={t('settings.pages.sessions')} lead={t('sessions.lead')}>
        {list.isPending && <Loading>{places.map((place) => <Block key={place} className="mb-3 h-14 w-full" />)}</Loading>}
        {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
        {ending.isError && <ProblemNotice problem={ending.error} />}
        <ul className="flex flex-col divide-y divide-line">{items.map((session) => <Line key={session.id} session={session} />)}</ul>
        {items.length > 1 && <Actions><Button look="danger" busy={ending.isPending} onClick={() => ending.mutate()}>{t('sessions.endOthers')}</Button></Actions>}
      </Section>
    </>
  )
}

function Line({ session }: { session: SignedInDevice }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const name = deviceName(session.device) ?? t('sessions.unknown')
  const ending = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id: session.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: sessions.queryKey }),
  })
  return (
    <li className="py-4" data-session={session.current ? 'current' : 'other'}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Icon name="device" className="size-6 text-soft" />
        <div className="min-w-0 flex-1 basis-48">
          <p className="flex flex-wrap items-center gap-2 font-semibold">
            {name} {session.current && <span className="rounded-full bg-calm-tint px-3 py-0.5 text-xs text-calm">{t('sessions.current')}</span>}
          </p>
          <p className="text-sm text-soft">
            {`${session.address} · `}<time dateTime={session.last_used_at}>{t('sessions.used', { when: ago(session.last_used_at, locale) })}</time>
            {` · ${t('settings.since', { day: day(session.created_at, locale) })}`}
          </p>
        </div>
        {!session.current && <Button busy={ending.isPending} aria-label={t('sessions.endOf', { name })} onClick={() => ending.mutate()}>{t('sessions.end')}</Button>}
      </div>
      {ending.isError && <ProblemNotice problem={ending.error} className="mt-3" />}
    </li>
  )
}
