import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Navigate, useSearchParams } from 'react-router'
import { isRefusal } from '../../api/problem'
import { nextPath } from './nextPath'
import { wasDeclined } from './passkey'
import { askPasskey, signIn, useMe, type Proofs } from './session'
import { SecondFactor } from './SecondFactor'
import { useFragment } from './useFragment'
import { WayIn } from './WayIn'

export interface Entering {
  /** What went wrong last, if anything did. */
  problem: unknown
  busy: boolean
  /** The account is about to be closed: whoever signs in now keeps it. */
  reopening: boolean
  enter: (proofs: Proofs) => void
  enterByPasskey: () => void
  /** Says that the account shall be kept. */
  reopen: () => void
}

/** Signing in, step by step: a way in, and where the account has one, the second factor. */
export default function SignIn() {
  const me = useMe()
  const [search] = useSearchParams()
  const fragment = new URLSearchParams(useFragment())
  const [begun, setBegun] = useState<Proofs | null>(null)
  const entering = useEntering(setBegun)
  const challenge = fragment.get('challenge')
  const half = begun ?? (challenge === null ? null : { kind: 'challenge' as const, challenge, code: '' })
  if (me.data) return <Navigate replace to={nextPath(search.get('next'))} />
  if (half && half.kind !== 'passkey') return <SecondFactor half={half} entering={entering} onBack={() => setBegun(null)} canGoBack={begun !== null} />
  return <WayIn entering={entering} refusal={fragment.get('problem')} />
}

function useEntering(setBegun: (proofs: Proofs | null) => void): Entering {
  const [reopening, setReopening] = useState(false)
  const mutation = useMutation({
    mutationFn: ({ proofs, reopen }: { proofs: Proofs | null; reopen: boolean }) => (proofs ? signIn(proofs, reopen) : askPasskey().then((asked) => signIn(asked, reopen))),
    onError: (problem, { proofs }) => {
      if (isRefusal(problem, 'second-factor-required')) setBegun(proofs)
    },
  })
  const { mutate, variables, error, isPending, reset } = mutation
  return {
    problem: wasDeclined(error) || isRefusal(error, 'second-factor-required') ? null : error,
    busy: isPending,
    reopening,
    enter: (proofs) => mutate({ proofs, reopen: reopening }),
    enterByPasskey: () => mutate({ proofs: null, reopen: reopening }),
    reopen: () => {
      setReopening(true)
      reset()
      // A code is good once, and a passkey's answer too: those are asked for again.
      const proofs = variables?.proofs
      if (proofs?.kind === 'password' && !proofs.code) mutate({ proofs, reopen: true })
    },
  }
}
