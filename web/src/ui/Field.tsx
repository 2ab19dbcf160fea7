import { useId, type ComponentProps, type ReactNode } from 'react'

const box = 'w-full rounded-xl border bg-raised px-4 text-ink placeholder:text-soft transition-colors'

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: string
  hint?: ReactNode
  problem?: string | null | undefined
}

/** A labelled input with its hint and its problem, both told to assistive technology. */
export function Field({ label, hint, problem, className = '', ...rest }: FieldProps) {
  const id = useId()
  const note = problem ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">{label}</label>
      <input id={id} {...rest} aria-invalid={problem ? true : undefined} aria-describedby={note ? `${id}-note` : undefined} className={`${box} h-11 ${problem ? 'border-alarm' : 'border-edge'}`} />
      {note && <p id={`${id}-note`} className={`mt-1.5 text-sm ${problem ? 'text-alarm' : 'text-soft'}`}>{note}</p>}
    </div>
  )
}

interface ChoiceProps extends Omit<ComponentProps<'select'>, 'id'> {
  label: string
  options: { value: string; label: string }[]
}

export function Choice({ label, options, className = '', ...rest }: ChoiceProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">{label}</label>
      <select id={id} {...rest} className={`${box} h-11 border-edge`}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </div>
  )
}
