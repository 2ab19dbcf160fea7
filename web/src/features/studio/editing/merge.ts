/** What a form would send, field by field. */
export type Body = Record<string, unknown>

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** The fields that are another than before, and nothing else, so that two who edit different things do not undo each other. */
export function changesOf<B extends object>(before: B, after: B): Partial<B> {
  const keys = Object.keys(after) as (keyof B)[]
  return Object.fromEntries(keys.filter((key) => !same(before[key], after[key])).map((key) => [key, after[key]])) as Partial<B>
}

/** The fields that both sides changed, and not to the same. */
export function conflictsOf<B extends object>(before: B, mine: B, theirs: B): (keyof B)[] {
  const keys = Object.keys(changesOf(before, mine)) as (keyof B)[]
  return keys.filter((key) => !same(before[key], theirs[key]) && !same(mine[key], theirs[key]))
}

/** Theirs, with what was typed here on top of it; but not in the fields that are given up. */
export function rebased<F extends object, B extends object>(before: F, mine: F, theirs: F, bodyOf: (form: F) => B, givenUp: readonly string[] = []): F {
  const typed = Object.keys(changesOf(bodyOf(before), bodyOf(mine))).filter((field) => !givenUp.includes(field)) as (keyof F)[]
  return Object.assign({}, theirs, ...typed.map((field) => ({ [field]: mine[field] }))) as F
}
