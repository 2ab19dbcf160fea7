import type { ReactNode } from 'react'
import { Link } from 'react-router'

export function Back({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className="mb-4 inline-flex items-center gap-1.5 text-sm font-semibold text-soft hover:text-ink">
      <span aria-hidden="true">←</span> {children}
    </Link>
  )
}
