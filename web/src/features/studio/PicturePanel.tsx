import { useMutation } from '@tanstack/react-query'
import { useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { ProblemNotice } from '../../ui/Notice'

interface PicturePanelProps {
  title: string
  hint: string
  /** The picture as it is now. */
  children: ReactNode
  has: boolean
  /** Sends a picture, or takes it away. */
  change: (file: File | null) => Promise<unknown>
}

/** A picture, and the ways to another one. */
export function PicturePanel({ title, hint, children, has, change }: PicturePanelProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const changing = useMutation({ mutationFn: change })
  return (
    // The button below does the same for those who cannot drag.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      aria-label={title}
      className="flex flex-col gap-4 rounded-2xl border border-line bg-surface p-6"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        const file = event.dataTransfer.files[0]
        if (file && !changing.isPending) changing.mutate(file)
      }}
    >
      <h2 className="text-2xl">{title}</h2>
      {changing.isError && <ProblemNotice problem={changing.error} />}
      {children}
      <div className="flex flex-wrap gap-3">
        <Button icon="upload" busy={changing.isPending} onClick={() => input.current?.click()}>{t(has ? 'artwork.change' : 'artwork.add')}</Button>
        {has && <Button look="plain" disabled={changing.isPending} onClick={() => changing.mutate(null)}>{t('artwork.remove')}</Button>}
      </div>
      <p className="text-sm text-soft">{hint}</p>
      <input
        ref={input}
        type="file"
        accept="image/jpeg,image/png,image/webp,image/avif"
        aria-label={title}
        className="hidden"
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) changing.mutate(file)
        }}
      />
    </section>
  )
}

/** A file as the whole body of a request, which the typed client would otherwise make JSON of. */
export function fileBody(file: File) {
  return { body: file as unknown as number[], bodySerializer: (body: unknown) => body as BodyInit, headers: { 'Content-Type': file.type || 'application/octet-stream' } }
}
