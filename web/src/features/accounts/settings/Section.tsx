import { useId, type ReactNode } from 'react'

interface SectionProps {
  title: string
  lead?: ReactNode
  children?: ReactNode
}

/** One matter of the settings, on a sheet of its own. */
export function Section({ title, lead, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-2xl border border-line bg-surface p-5 sm:p-6">
      <h2 id={id} className="text-2xl">{title}</h2>
      {lead && <div className="mt-1 text-sm text-soft">{lead}</div>}
      {children && <div className="mt-5 flex flex-col gap-4">{children}</div>}
    </section>
  )
}

/** A form within a section: its fields, and its button at the end. */
export function SectionForm({ label, onSubmit, children }: { label: string; onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      aria-label={label}
      className="flex flex-col items-start gap-4 *:w-full"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
    </form>
  )
}

/** The buttons below a form's fields. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-3">{children}</div>
}
