import { create } from 'zustand'

/** Whether the owner is asked to prove who they are. The dialog shows while this is so. */
export const useProof = create<{ asked: boolean }>(() => ({ asked: false }))

let waiting: { promise: Promise<boolean>; settle: (proved: boolean) => void } | null = null

/** Asks for a proof, once for all who need it meanwhile; true when it was given, false when its owner declined. */
export function proveAgain(): Promise<boolean> {
  if (waiting === null) {
    let settle: (proved: boolean) => void = () => undefined
    const promise = new Promise<boolean>((resolve) => {
      settle = resolve
    })
    waiting = { promise, settle }
    useProof.setState({ asked: true })
  }
  return waiting.promise
}

/** The dialog's answer to all who wait. */
export function settleProof(proved: boolean): void {
  waiting?.settle(proved)
  waiting = null
  useProof.setState({ asked: false })
}
