import { create } from 'zustand'

export interface Toast {
  id: number
  title: string
  text?: string
  url?: string
  /** Takes back what the message tells of. */
  undo?: () => void
}

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }))

let count = 0

/** Shows a short message for six seconds, for ten where it can be taken back; the two newest stay visible. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = ++count
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-1), { ...toast, id }] }))
  setTimeout(() => dismissToast(id), toast.undo ? 10_000 : 6000)
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
