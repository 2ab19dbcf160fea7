import type { ReactNode } from 'react'

/** A part of the page with a heading of its own. */
export function Sheet({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-2xl border border-line bg-surface p-6">
      <h2 className="text-2xl">{title}</h2>
      {lead && <p className="mt-2 text-sm text-soft">{lead}</p>}
      <div className="mt-3">{children}</div>
    </section>
  )
}
