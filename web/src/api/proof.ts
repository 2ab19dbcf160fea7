import { create } from 'zustand'

/** Whether the owner is asked to prove who they are. The dialog shows while this is so. */
export const useProof = create<{ asked: boolean }>(() => ({ asked: false }))

const waiting: ((proved: boolean) => void)[] = []

/** Asks for a proof, once for all who need it meanwhile; true when it was given, false when its owner declined. */
export function proveAgain(): Promise<boolean> {
  useProof.setState({ asked: true })
  return new Promise((resolve) => {
    waiting.push(resolve)
  })
}

/** The dialog's answer to all who wait. */
export function settleProof(proved: boolean): void {
  useProof.setState({ asked: false })
  for (const settle of waiting.splice(0)) settle(proved)
}
