import { useRef, type ComponentProps } from 'react'
import { Button } from './Button'

interface FileButtonProps extends Pick<ComponentProps<typeof Button>, 'look' | 'busy' | 'disabled'> {
  label: string
  /** Endings and media types, as an input takes them. */
  accept: string
  onFile: (file: File) => void
}

/** A button that asks for one file; the same one may be chosen again. */
export function FileButton({ label, accept, onFile, ...look }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button icon="upload" {...look} onClick={() => input.current?.click()}>{label}</Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) onFile(file)
          event.target.value = ''
        }}
      />
    </>
  )
}
