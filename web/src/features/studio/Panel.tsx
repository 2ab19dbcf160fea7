import type { ReactNode } from 'react'

/** A form on a sheet of its own beside a list. */
export function Panel({ title, onSubmit, children }: { title: string; onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      aria-label={title}
      className="flex flex-col gap-4 rounded-2xl border border-line bg-surface p-6"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      <h2 className="text-2xl">{title}</h2>
      {children}
    </form>
  )
}
