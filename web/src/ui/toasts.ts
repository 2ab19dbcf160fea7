import { create } from 'zustand'

export interface Toast {
  id: number
  title: string
  text?: string
  url?: string
}

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }))

let count = 0

/** Shows a short message for six seconds; the two newest stay visible. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = ++count
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-1), { ...toast, id }] }))
  setTimeout(() => dismissToast(id), 6000)
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
