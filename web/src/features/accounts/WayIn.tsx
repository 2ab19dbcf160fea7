import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { answer, api } from '../../api/client'
import { ApiProblem } from '../../api/problem'
import { Button, buttonLook } from '../../ui/Button'
import { Field } from '../../ui/Field'
import { DoorPage } from './DoorPage'
import { EntryProblem } from './EntryProblem'
import { nextPath } from './nextPath'
import { passkeysSuggest, passkeysWork } from './passkey'
import { askPasskey, expectSession } from './session'
import type { Entering } from './SignIn'

/** The first step: a password, a passkey, or another provider's word. `refusal` is what another provider's visit ended with. */
export function WayIn({ entering, refusal }: { entering: Entering; refusal: string | null }) {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  useSuggestedPasskeys(entering)
  const told = refusal === null ? null : new ApiProblem({ slug: refusal, title: t('problems.unknown'), status: 0 })
  const link = 'font-semibold text-accent underline underline-offset-4'
  return (
    <DoorPage title={t('accounts.signIn')} lead={t('accounts.signInLead')} onSubmit={() => entering.enter({ kind: 'password', login: login.trim(), password })}>
      <EntryProblem entering={entering} problem={entering.problem ?? (entering.busy || entering.reopening ? null : told)} />
      <Field label={t('accounts.login')} autoComplete="username webauthn" autoCapitalize="none" spellCheck={false} required maxLength={254} value={login} onChange={(event) => setLogin(event.target.value)} />
      <div>
        <Field label={t('accounts.password')} type="password" autoComplete="current-password" required maxLength={256} value={password} onChange={(event) => setPassword(event.target.value)} />
        <p className="mt-2 text-right text-sm"><Link to="/forgot-password" className={link}>{t('accounts.forgot')}</Link></p>
      </div>
      <Button type="submit" look="primary" busy={entering.busy} className="h-12 w-full">{t('accounts.signIn')}</Button>
      <OtherWays entering={entering} />
      <p className="text-center text-sm text-soft">
        {t('accounts.noAccount')}{' '}
        <Link to={`/sign-up?${search}`} className={link}>{t('accounts.signUp')}</Link>
      </p>
    </DoorPage>
  )
}

function OtherWays({ entering }: { entering: Entering }) {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const providers = useQuery({ queryKey: ['providers'], queryFn: () => answer(api.GET('/api/v1/oidc')), staleTime: Infinity })
  const items = providers.data?.items ?? []
  if (!passkeysWork() && items.length === 0) return null
  const query = new URLSearchParams({ next: nextPath(search.get('next')), ...(entering.reopening ? { reopen: 'true' } : {}) })
  return (
    <div className="flex flex-col gap-3">
      <p className="flex items-center gap-3 text-sm text-soft before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{t('accounts.or')}</p>
      {passkeysWork() && <Button icon="passkey" disabled={entering.busy} className="h-12 w-full" onClick={entering.enterByPasskey}>{t('accounts.withPasskey')}</Button>}
      {items.map((provider) => (
        // Not a page of the app: the server sends the browser on to the provider.
        <a key={provider.name} href={`${provider.url}?${query}`} onClick={expectSession} className={`${buttonLook()} h-12 w-full`}>{t('accounts.withProvider', { provider: provider.label })}</a>
      ))}
    </div>
  )
}

/** Good for five minutes; a new ceremony is begun before. */
const suggestionMs = 4.5 * 60_000

/** Offers passkeys among what the browser suggests for the login, as long as the page is open. */
function useSuggestedPasskeys({ enter, busy }: Entering): void {
  const chosen = useRef(enter)
  useEffect(() => {
    chosen.current = enter
  })
  useEffect(() => {
    if (busy) return
    let aborter = new AbortController()
    const suggest = async () => {
      aborter = new AbortController()
      const { signal } = aborter
      // Without suggestions there is still the button.
      const proofs = (await passkeysSuggest()) && !signal.aborted ? await askPasskey(signal).catch(() => null) : null
      if (proofs) chosen.current(proofs)
    }
    const renew = () => {
      aborter.abort()
      void suggest()
    }
    void suggest()
    const timer = setInterval(renew, suggestionMs)
    return () => {
      clearInterval(timer)
      aborter.abort()
    }
  }, [busy])
}
