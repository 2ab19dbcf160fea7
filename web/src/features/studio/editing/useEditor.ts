import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { isRefusal } from '../../../api/problem'
import { changesOf, conflictsOf, rebased, type Body } from './merge'

/** Something as it is at the server, and the name of that state. */
export interface Seen<F> {
  form: F
  tag: string | null
}

interface Edited<F, B> {
  /** What a form would send. */
  bodyOf: (form: F) => B
  /** Asks for what there is now. */
  read: () => Promise<Seen<F>>
  /** Changes these fields, if the state is still the one of that name. */
  write: (changes: Partial<B>, tag: string | null, form: F) => Promise<F>
}

/** Both sides changed the same fields: somebody has to choose. */
export class Clash<F> extends Error {
  readonly theirs: F
  readonly fields: readonly string[]

  constructor(theirs: F, fields: readonly string[]) {
    super('changed meanwhile')
    this.theirs = theirs
    this.fields = fields
  }
}

/**
 * A form over something that others edit too. Before anything is sent, what there is now is compared field by field: what
 * somebody else changed elsewhere stays as they made it, and the same field changed twice is shown with both values.
 */
export function useEditor<F extends object, B extends object>(start: F, { bodyOf, read, write }: Edited<F, B>) {
  const [base, setBase] = useState(start)
  const [form, setForm] = useState(start)
  const changes = changesOf(bodyOf(base), bodyOf(form))
  const isChanged = Object.keys(changes).length > 0
  const saving = useMutation({
    mutationFn: () => whileOvertaken(async () => {
      const now = await read()
      const clash = conflictsOf(bodyOf(base), bodyOf(form), bodyOf(now.form))
      if (clash.length > 0) throw new Clash(now.form, clash as string[])
      return write(changes, now.tag, form)
    }),
    onSuccess: (saved) => {
      setBase(saved)
      setForm(saved)
    },
  })
  useKept(isChanged)
  const clash = saving.error instanceof Clash ? (saving.error as Clash<F>) : null
  const settle = ({ theirs }: Clash<F>, givenUp: readonly string[]) => {
    setBase(theirs)
    setForm(rebased(base, form, theirs, bodyOf, givenUp))
    saving.reset()
  }
  return {
    form,
    put: (part: Partial<F>) => setForm((before) => ({ ...before, ...part })),
    changes,
    isChanged,
    isSaving: saving.isPending,
    isSaved: saving.isSuccess && !isChanged,
    problem: clash ? null : saving.error,
    save: () => saving.mutate(),
    clash: clash && {
      fields: entriesOf(clash.fields, bodyOf(form) as Body, bodyOf(clash.theirs) as Body),
      /** What was typed stands against what they made of it: the next save says it again. */
      keepMine: () => settle(clash, []),
      /** In these fields theirs stands; what else was typed stays. */
      takeTheirs: () => settle(clash, clash.fields),
    },
  }
}

/** Looks and changes; looks again where somebody was faster between the two, four times in all. */
export async function whileOvertaken<T>(attempt: () => Promise<T>, left = 3): Promise<T> {
  try {
    return await attempt()
  } catch (problem) {
    if (left === 0 || !isRefusal(problem, 'changed-meanwhile')) throw problem
    return whileOvertaken(attempt, left - 1)
  }
}

/** Leaving the site asks first, while something is not saved. */
export function useKept(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isChanged])
}

/** A field that two people changed, with both values; of which track, where the form is about several. */
export interface ClashingField {
  field: string
  about?: string
  mine: unknown
  theirs: unknown
}

export function entriesOf(fields: readonly string[], mine: Body, theirs: Body, about?: string): ClashingField[] {
  return fields.map((field) => ({ field, mine: mine[field], theirs: theirs[field], ...(about !== undefined && { about }) }))
}

/** What the end of such a form needs to know. */
export interface Editor {
  isChanged: boolean
  isSaving: boolean
  isSaved: boolean
  clash: { fields: ClashingField[]; keepMine: () => void; takeTheirs: () => void } | null
}
