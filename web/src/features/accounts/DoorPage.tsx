import type { ReactNode } from 'react'
import { Logo } from '../../ui/Logo'

interface DoorPageProps {
  title: string
  lead: ReactNode
  onSubmit?: () => void
  children?: ReactNode
}

/** The frame of the pages that lead in: one form, nothing beside it. */
export function DoorPage({ title, lead, onSubmit, children }: DoorPageProps) {
  return (
    <div className="mx-auto w-full max-w-md py-6 sm:py-12">
      <title>{`${title} · Legato`}</title>
      <Logo className="mb-6 h-9" />
      <h1 className="text-4xl">{title}</h1>
      <p className="mt-2 mb-8 text-soft">{lead}</p>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit?.()
        }}
      >
        {children}
      </form>
    </div>
  )
}
