import { useEffect, useId, useRef, type ComponentProps, type ReactNode } from 'react'

const box = 'w-full rounded-xl border bg-raised px-4 text-ink placeholder:text-soft transition-colors'

interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: string
  hint?: ReactNode
  problem?: string | null | undefined
  /** Whether it takes the focus as it appears: for what its dialog or step asks for alone. */
  focused?: boolean
}

/** A labelled input with its hint and its problem, both told to assistive technology. */
export function Field({ label, hint, problem, focused = false, className = '', ...rest }: FieldProps) {
  const id = useId()
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (focused) ref.current?.focus()
  }, [focused])
  const note = problem ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">{label}</label>
      <input ref={ref} id={id} data-focused={focused || undefined} {...rest} aria-invalid={problem ? true : undefined} aria-describedby={note ? `${id}-note` : undefined} className={`${box} h-11 ${problem ? 'border-alarm' : 'border-edge'}`} />
      {note && <p id={`${id}-note`} className={`mt-1.5 text-sm ${problem ? 'text-alarm' : 'text-soft'}`}>{note}</p>}
    </div>
  )
}

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'id'> {
  label: string
  hint?: ReactNode
  problem?: string | null | undefined
}

/** The same for a text of several lines. */
export function TextArea({ label, hint, problem, className = '', ...rest }: TextAreaProps) {
  const id = useId()
  const note = problem ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">{label}</label>
      <textarea id={id} {...rest} aria-invalid={problem ? true : undefined} aria-describedby={note ? `${id}-note` : undefined} className={`${box} py-2.5 ${problem ? 'border-alarm' : 'border-edge'}`} />
      {note && <p id={`${id}-note`} className={`mt-1.5 text-sm ${problem ? 'text-alarm' : 'text-soft'}`}>{note}</p>}
    </div>
  )
}

interface ChoiceProps extends Omit<ComponentProps<'select'>, 'id'> {
  label: string
  hint?: ReactNode
  options: { value: string; label: string }[]
}

export function Choice({ label, hint, options, className = '', ...rest }: ChoiceProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">{label}</label>
      <select id={id} {...rest} aria-describedby={hint ? `${id}-note` : undefined} className={`${box} h-11 border-edge`}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
      {hint && <p id={`${id}-note`} className="mt-1.5 text-sm text-soft">{hint}</p>}
    </div>
  )
}

interface TickProps extends Omit<ComponentProps<'input'>, 'id' | 'type'> {
  label: string
  hint?: string
}

/** A box to tick. */
export function Tick({ label, hint, className = '', ...rest }: TickProps) {
  const id = useId()
  return (
    <div className={`flex items-start gap-3 ${className}`}>
      <input id={id} type="checkbox" {...rest} aria-describedby={hint ? `${id}-note` : undefined} className="mt-1 size-4 shrink-0" />
      <div className="text-sm">
        <label htmlFor={id} className="font-semibold">{label}</label>
        {hint && <p id={`${id}-note`} className="text-soft">{hint}</p>}
      </div>
    </div>
  )
}
