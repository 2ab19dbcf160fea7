import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import { ApiProblem } from '../../api/problem'
import type { LinkedRelease } from '../../api/types'
import { useLocale } from '../../i18n/useLocale'
import { Block, EmptyState, Loading, ProblemNotice } from '../../ui/Notice'
import { day } from '../../ui/time'
import { linkQuery } from './queries'
import { ReleaseView } from './ReleasePage'

/** A release for whoever holds a link to it: nobody needs an account here. */
export default function LinkPage() {
  const { t } = useTranslation()
  const { token = '' } = useParams()
  const link = useQuery(linkQuery(token))
  if (link.isPending) return <Loading><Block className="h-60 w-full rounded-2xl" /></Loading>
  if (link.error instanceof ApiProblem && link.error.status === 404) return <EmptyState title={t('link.gone')}><p>{t('link.goneLead')}</p></EmptyState>
  if (link.isError) return <ProblemNotice problem={link.error} onRetry={() => void link.refetch()} />
  return <Linked link={link.data} token={token} />
}

function Linked({ link, token }: { link: LinkedRelease; token: string }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const { recipient, plays_left: left } = link
  // The player and the picture say who lets them in.
  const release = { ...link.release, artwork: link.release.artwork && { ...link.release.artwork, link: token }, tracks: link.release.tracks.map((track) => ({ ...track, link: token })) }
  const facts = [t('link.for', { name: recipient, day: day(link.expires_at, locale) }), left != null && t('link.left', { count: left })]
  return (
    <>
      <p className="mb-6 rounded-2xl border border-line bg-surface p-4 text-sm text-soft">{facts.filter(Boolean).join(' · ')}</p>
      <ReleaseView release={release} />
    </>
  )
}
