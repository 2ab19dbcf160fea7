import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { MadeLink, Release, SharedLink } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { CopyButton } from '../../../ui/CopyButton'
import { Confirm } from '../../../ui/Dialog'
import { Field } from '../../../ui/Field'
import { Block, Loading, Note, ProblemNotice } from '../../../ui/Notice'
import { day, moment } from '../../../ui/time'
import { Panel } from '../Panel'
import { OwnRelease } from '../release/OwnRelease'
import { ReleaseHead } from '../release/ReleaseHead'

const firstPage = undefined as string | undefined
const releaseLinks = (releaseId: string) =>
  infiniteQueryOptions({
    queryKey: ['links', releaseId],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/api/v1/releases/{id}/links', { params: { path: { id: releaseId }, query: { limit: 50, cursor: pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

/** The links by which people without an account hear a release, and how often they did. */
export function LinksPage() {
  const { t } = useTranslation()
  return (
    <OwnRelease>
      {(release, mayEdit) => (
        <>
          <title>{`${release.title} · ${t('releaseTabs.links')} · Legato`}</title>
          <ReleaseHead release={release} mayEdit={mayEdit} />
          {mayEdit ? <Links release={release} /> : <Note>{t('profile.viewer')}</Note>}
        </>
      )}
    </OwnRelease>
  )
}

function Links({ release }: { release: Release }) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(releaseLinks(release.id))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_24rem]">
      <section aria-label={t('releaseTabs.links')} className="order-last min-w-0 lg:order-first">
        {list.isPending && <Loading><Block className="h-24 w-full rounded-2xl" /></Loading>}
        {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
        {list.data && items.length === 0 && <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-soft">{t('sharing.none')}</p>}
        <ul className="flex flex-col gap-3">{items.map((link) => <Line key={link.id} link={link} releaseId={release.id} />)}</ul>
        {list.hasNextPage && <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
      </section>
      <NewLink release={release} />
    </div>
  )
}

/** Two weeks ahead, as an input of the browser's own has it. */
function inTwoWeeks(): string {
  const then = new Date(Date.now() + 14 * 86_400_000)
  return new Date(then.getTime() - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function NewLink({ release }: { release: Release }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [recipient, setRecipient] = useState('')
  const [until, setUntil] = useState(inTwoWeeks)
  const [plays, setPlays] = useState('')
  const making = useMutation({
    mutationFn: () =>
      answer(api.POST('/api/v1/releases/{id}/links', {
        params: { path: { id: release.id } },
        body: { recipient: recipient.trim(), expires_at: new Date(until).toISOString(), ...(plays !== '' && { max_plays: Number(plays) }) },
      })),
    onSuccess: async () => {
      setRecipient('')
      await client.invalidateQueries({ queryKey: releaseLinks(release.id).queryKey })
    },
  })
  const problemOf = useFieldProblem(making.error)
  const elsewhere = making.isError && ['recipient', 'expires_at', 'max_plays'].every((field) => problemOf(field) === null)
  return (
    <div className="flex flex-col gap-6">
      <Panel title={t('sharing.new')} onSubmit={() => making.mutate()}>
        <p className="text-sm text-soft">{t('sharing.lead')}</p>
        {elsewhere && <ProblemNotice problem={making.error} />}
        <Field label={t('sharing.recipient')} hint={t('sharing.recipientHint')} problem={problemOf('recipient')} required maxLength={200} autoComplete="off" value={recipient} onChange={(event) => setRecipient(event.target.value)} />
        <Field label={t('sharing.until')} hint={t('sharing.untilHint')} problem={problemOf('expires_at')} type="datetime-local" required value={until} onChange={(event) => setUntil(event.target.value)} />
        <Field label={t('sharing.maxPlays')} hint={t('sharing.maxPlaysHint')} problem={problemOf('max_plays')} type="number" min={1} max={100_000} value={plays} onChange={(event) => setPlays(event.target.value)} />
        <Button type="submit" look="primary" busy={making.isPending}>{t('sharing.make')}</Button>
      </Panel>
      {making.data && <Made link={making.data} />}
    </div>
  )
}

/** The address itself is told this once. */
function Made({ link }: { link: MadeLink }) {
  const { t } = useTranslation()
  const address = `${window.location.origin}/links/${link.token}`
  return (
    <section aria-label={t('sharing.made', { name: link.recipient })} className="rounded-2xl border border-line bg-calm-tint p-6">
      <p role="status" className="font-semibold text-calm">{t('sharing.made', { name: link.recipient })}</p>
      <p className="mt-2 text-sm">{t('sharing.once')}</p>
      <p className="my-4 rounded-xl bg-raised px-4 py-3 font-mono text-sm break-all" data-link>{address}</p>
      <CopyButton text={address} />
    </section>
  )
}

function Line({ link, releaseId }: { link: SharedLink; releaseId: string }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const revoking = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/releases/{id}/links/{link}', { params: { path: { id: releaseId, link: link.id } } })),
    onSuccess: async () => {
      setAsking(false)
      await client.invalidateQueries({ queryKey: releaseLinks(releaseId).queryKey })
    },
  })
  const [now] = useState(() => Date.now())
  const isExpired = new Date(link.expires_at).getTime() <= now
  const state = () => {
    if (link.revoked_at) return t('sharing.revokedOn', { day: day(link.revoked_at, locale) })
    if (isExpired) return t('sharing.expiredOn', { day: day(link.expires_at, locale) })
    return t('sharing.goodUntil', { moment: moment(link.expires_at, locale) })
  }
  const plays = link.max_plays == null ? t('sharing.plays', { count: link.plays }) : t('sharing.playsOf', { plays: link.plays, most: link.max_plays })
  return (
    <li className="rounded-2xl border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center gap-4">
        <div className="min-w-0 flex-1 basis-48">
          <p className="truncate text-lg font-semibold">{link.recipient}</p>
          <p className="figures text-sm text-soft">{`${state()} · ${plays}`}</p>
        </div>
        {!link.revoked_at && !isExpired && <Button look="danger" icon="cross" aria-label={t('sharing.revokeOf', { name: link.recipient })} onClick={() => setAsking(true)}>{t('sharing.revoke')}</Button>}
      </div>
      {link.tracks.length > 0 && (
        <details className="mt-3 text-sm">
          <summary className="cursor-pointer font-semibold text-soft hover:text-ink">{t('sharing.report')}</summary>
          <ul className="figures mt-2 flex flex-col divide-y divide-line">
            {link.tracks.map((track) => (
              <li key={track.track_id} className="flex flex-wrap justify-between gap-x-4 py-2">
                <span className="min-w-0 truncate font-semibold">{track.title}</span>
                <span className="text-soft">{`${t('sharing.plays', { count: track.plays })} · ${t('sharing.last', { moment: moment(track.last_played_at, locale) })}`}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {asking && (
        <Confirm title={t('sharing.revokeTitle')} action={t('sharing.revoke')} icon="cross" busy={revoking.isPending} problem={revoking.error} onConfirm={() => revoking.mutate()} onClose={() => setAsking(false)}>
          {t('sharing.revokeText', { name: link.recipient })}
        </Confirm>
      )}
    </li>
  )
}
