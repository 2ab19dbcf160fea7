import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { ListedScrobbler, PlaybackPreferences } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { Choice, Field, Tick } from '../../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { ago, day } from '../../../ui/time'
import { showToast } from '../../../ui/toasts'
import { playbackPreferences, scrobblers } from './queries'
import { Actions, Section, SectionForm } from './Section'

/** What sounds how, who hears along, and where plays are told to. */
export function ListeningPage() {
  const { t } = useTranslation()
  return (
    <>
      <Section title={t('listening.title')} lead={t('listening.lead')}><Preferences /></Section>
      <Section title={t('scrobbling.title')} lead={t('scrobbling.lead')}><Scrobbling /></Section>
    </>
  )
}

/** Bits per second that a second may cost; `''` is any. */
const rates = ['', '64000', '96000', '160000', '320000'] as const

const read = (value: string) => (value === '' ? null : Number(value))

function Preferences() {
  const found = useQuery(playbackPreferences)
  if (found.isPending) return <Loading><Block className="h-24" /></Loading>
  if (found.isError && !found.data) return <ProblemNotice problem={found.error} onRetry={() => void found.refetch()} />
  return <PreferencesForm preferences={found.data} />
}

function PreferencesForm({ preferences }: { preferences: PlaybackPreferences }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [form, setForm] = useState(preferences)
  const saving = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/me/playback-preferences', { body: form })),
    onSuccess: (saved) => {
      client.setQueryData(playbackPreferences.queryKey, saved)
      showToast({ title: t('settings.saved') })
    },
  })
  const put = (changes: Partial<PlaybackPreferences>) => setForm((before) => ({ ...before, ...changes }))
  const options = (value: number | null | undefined) => [...new Set([...rates, value ? String(value) : ''])]
    .map((rate) => ({ value: rate, label: rate === '' ? t('listening.any') : t('listening.rate', { rate: Math.round(Number(rate) / 1000) }) }))
  return (
    <SectionForm label={t('listening.title')} onSubmit={() => saving.mutate()}>
      {saving.isError && <ProblemNotice problem={saving.error} />}
      <Choice label={t('listening.most')} options={options(form.max_bitrate_bps)} value={String(form.max_bitrate_bps ?? '')} onChange={(event) => put({ max_bitrate_bps: read(event.target.value) })} />
      <Choice label={t('listening.metered')} hint={t('listening.meteredHint')} options={options(form.metered_max_bitrate_bps)} value={String(form.metered_max_bitrate_bps ?? '')} onChange={(event) => put({ metered_max_bitrate_bps: read(event.target.value) })} />
      <Tick label={t('listening.lossless')} hint={t('listening.losslessHint')} checked={form.lossless ?? false} onChange={(event) => put({ lossless: event.target.checked })} />
      <Tick label={t('listening.shares')} hint={t('listening.sharesHint')} checked={form.shares_now_playing ?? false} onChange={(event) => put({ shares_now_playing: event.target.checked })} />
      <Actions><Button type="submit" busy={saving.isPending}>{t('common.save')}</Button></Actions>
    </SectionForm>
  )
}

function Scrobbling() {
  const list = useQuery(scrobblers)
  if (list.isPending) return <Loading><Block className="h-24" /></Loading>
  if (list.isError && !list.data) return <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />
  return <ul className="flex flex-col divide-y divide-line">{list.data.items.filter((item) => item.is_available || item.profile).map((item) => <Service key={item.service} item={item} />)}</ul>
}

function Service({ item }: { item: ListedScrobbler }) {
  const { t } = useTranslation()
  const { profile, service } = item
  return (
    <li className="flex flex-col gap-3 py-4 first:pt-0 last:pb-0">
      <h3 className="font-semibold">{t(`scrobbling.services.${service}`)}</h3>
      {profile && <Profile item={item} />}
      {(!profile || profile.problem === 'refused') && (service === 'lastfm' ? <ConnectLastfm /> : <ConnectByToken />)}
    </li>
  )
}

function Profile({ item: { profile, service } }: { item: ListedScrobbler }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const leaving = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/scrobblers/{service}', { params: { path: { service } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: scrobblers.queryKey }),
  })
  if (!profile) return null
  const told = profile.told_at ? t('scrobbling.told', { when: ago(profile.told_at, locale) }) : t('settings.since', { day: day(profile.connected_at, locale) })
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="min-w-0 text-sm">
        <span className="font-semibold">{profile.username}</span>
        {' '}
        <span className={profile.problem ? 'text-alarm' : 'text-soft'}>{profile.problem ? t(`scrobbling.${profile.problem}`) : told}</span>
      </p>
      {leaving.isError && <ProblemNotice problem={leaving.error} />}
      <Button busy={leaving.isPending} onClick={() => leaving.mutate()}>{t('scrobbling.disconnect')}</Button>
    </div>
  )
}

function useConnect(service: 'listenbrainz' | 'lastfm') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (token: string) => answer(api.PUT('/api/v1/me/scrobblers/{service}', { params: { path: { service } }, body: { token } })),
    onSuccess: () => client.invalidateQueries({ queryKey: scrobblers.queryKey }),
  })
}

function ConnectByToken() {
  const { t } = useTranslation()
  const [token, setToken] = useState('')
  const connecting = useConnect('listenbrainz')
  const problem = useFieldProblem(connecting.error)('token')
  return (
    <SectionForm label={t('scrobbling.services.listenbrainz')} onSubmit={() => connecting.mutate(token.trim())}>
      {connecting.isError && problem === null && <ProblemNotice problem={connecting.error} />}
      <Field label={t('scrobbling.token')} hint={t('scrobbling.tokenHint')} problem={problem} required maxLength={200} autoComplete="off" value={token} onChange={(event) => setToken(event.target.value)} />
      <Actions><Button type="submit" busy={connecting.isPending} disabled={token.trim() === ''}>{t('scrobbling.connect')}</Button></Actions>
    </SectionForm>
  )
}

/** Two steps: agree at Last.fm, and come back. */
function ConnectLastfm() {
  const { t } = useTranslation()
  const connecting = useConnect('lastfm')
  const asking = useMutation({ mutationFn: () => answer(api.POST('/api/v1/me/scrobblers/lastfm/authorization')) })
  if (!asking.data) {
    return (
      <>
        {asking.isError && <ProblemNotice problem={asking.error} />}
        <Actions><Button busy={asking.isPending} onClick={() => asking.mutate()}>{t('scrobbling.connect')}</Button></Actions>
      </>
    )
  }
  const { token, url } = asking.data
  return (
    <>
      {connecting.isError && <ProblemNotice problem={connecting.error} />}
      <p className="text-sm">{t('scrobbling.agree')}</p>
      <Actions>
        <a href={url} target="_blank" rel="noreferrer" className="font-semibold underline underline-offset-4">{t('scrobbling.open')}</a>
        <Button busy={connecting.isPending} onClick={() => connecting.mutate(token)}>{t('scrobbling.agreed')}</Button>
      </Actions>
    </>
  )
}
