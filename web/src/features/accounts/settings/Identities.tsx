import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { ApiProblem } from '../../../api/problem'
import type { OwnIdentity } from '../../../api/types'
import { useLocale } from '../../../i18n/useLocale'
import { Button } from '../../../ui/Button'
import { ProblemNotice } from '../../../ui/Notice'
import { day } from '../../../ui/time'
import { useFragment } from '../useFragment'
import { identities, providers } from './queries'
import { Section } from './Section'

/** Accounts at other providers that one may sign in with. Nothing is shown where the server knows no provider. */
export function Identities() {
  const { t } = useTranslation()
  const known = useQuery(providers)
  const linked = useQuery(identities)
  const refusal = new URLSearchParams(useFragment()).get('problem')
  const linking = useMutation({
    mutationFn: async (provider: string) => {
      const { url } = await answer(api.POST('/api/v1/me/identities/{provider}', { params: { path: { provider } }, body: { next: '/settings/security' } }))
      window.location.assign(url)
    },
  })
  const items = linked.data?.items ?? []
  const free = (known.data?.items ?? []).filter((provider) => !items.some((identity) => identity.provider === provider.name))
  if (items.length === 0 && free.length === 0) return null
  return (
    <Section title={t('identities.title')} lead={t('identities.lead')}>
      {refusal && linking.isIdle && <ProblemNotice problem={new ApiProblem({ slug: refusal, title: t('problems.unknown'), status: 0 })} />}
      {linking.isError && <ProblemNotice problem={linking.error} />}
      {items.length > 0 && <ul className="flex flex-col divide-y divide-line">{items.map((identity) => <Line key={identity.id} identity={identity} />)}</ul>}
      {free.length > 0 && (
        <div className="flex flex-wrap gap-3">
          {free.map((provider) => <Button key={provider.name} icon="plus" busy={linking.isPending && linking.variables === provider.name} onClick={() => linking.mutate(provider.name)}>{t('identities.link', { provider: provider.label })}</Button>)}
        </div>
      )}
    </Section>
  )
}

function Line({ identity }: { identity: OwnIdentity }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const client = useQueryClient()
  const name = identity.label ?? identity.provider
  const unlinking = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/identities/{id}', { params: { path: { id: identity.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['settings'] }),
  })
  return (
    <li className="py-3">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold">{name}</p>
          <p className="truncate text-sm text-soft">{[identity.email, t('settings.since', { day: day(identity.created_at, locale) })].filter(Boolean).join(' · ')}</p>
        </div>
        <Button look="danger" busy={unlinking.isPending} aria-label={t('identities.unlinkOf', { provider: name })} onClick={() => unlinking.mutate()}>{t('identities.unlink')}</Button>
      </div>
      {unlinking.isError && <ProblemNotice problem={unlinking.error} className="mt-3" />}
    </li>
  )
}
