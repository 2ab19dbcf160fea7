import { useEffect, useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { addUploads } from './uploads'

/** Where audio files are dropped, or chosen. */
export function DropZone({ releaseId, large }: { releaseId: string; large: boolean }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  useSafeDrops()
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    addUploads(releaseId, [...event.dataTransfer.files])
  }
  return (
    // The button below does the same for those who cannot drag.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      aria-label={t('upload.title')}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={onDrop}
      className={`flex flex-col items-center justify-center gap-3 rounded-2xl border-2 border-dashed px-6 text-center transition-colors ${large ? 'py-16' : 'py-8'} ${over ? 'border-accent bg-tint' : 'border-line'}`}
    >
      <Icon name="upload" className={`text-accent transition-transform ${over ? '-translate-y-1' : ''} ${large ? 'size-10' : 'size-7'}`} />
      <p className={large ? 'font-display text-2xl' : 'font-semibold'}>{t(over ? 'upload.drop' : 'upload.lead')}</p>
      <p className="max-w-md text-sm text-soft">{t('upload.formats')}</p>
      <Button icon="plus" onClick={() => input.current?.click()}>{t('upload.choose')}</Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept="audio/*,.wav,.aif,.aiff,.caf,.flac,.m4a,.aac,.mp3,.ogg,.opus,.webm,.mka"
        aria-label={t('upload.choose')}
        onChange={(event) => {
          addUploads(releaseId, [...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </section>
  )
}

/** A file dropped beside the zone would replace the page, and with it the music and every upload. */
function useSafeDrops(): void {
  useEffect(() => {
    const refuse = (event: Event) => event.preventDefault()
    window.addEventListener('dragover', refuse)
    window.addEventListener('drop', refuse)
    return () => {
      window.removeEventListener('dragover', refuse)
      window.removeEventListener('drop', refuse)
    }
  }, [])
}
