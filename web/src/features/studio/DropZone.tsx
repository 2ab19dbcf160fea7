import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/Button'
import { Icon } from '../../ui/Icon'
import { AUDIO, audioOf, droppedFiles } from './files'
import { Refusal, Room } from './RoomLeft'
import { lacking, quotaQuery, type Lack } from './room'
import { addUploads } from './uploads'

/** Where audio files are dropped, or chosen. */
export function DropZone({ releaseId, artist, large }: { releaseId: string; artist: string; large: boolean }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const client = useQueryClient()
  const [over, setOver] = useState(false)
  const [lack, setLack] = useState<Lack | null>(null)
  useSafeDrops()
  // What would be refused after an hour of sending is told before its first byte. Where nobody can say, the server will.
  const add = async (files: readonly File[]) => {
    const quota = await client.fetchQuery(quotaQuery(artist)).catch(() => null)
    const found = quota && lacking(quota, files)
    setLack(found)
    if (!found) addUploads(releaseId, files)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void droppedFiles(event.dataTransfer).then(add)
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
      <div className="flex flex-wrap justify-center gap-3">
        <Button icon="plus" onClick={() => choose(input.current, false)}>{t('upload.choose')}</Button>
        <Button look="quiet" onClick={() => choose(input.current, true)}>{t('upload.chooseFolder')}</Button>
      </div>
      {lack && <Refusal lack={lack} />}
      <Room slug={artist} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={`audio/*,${AUDIO.join(',')}`}
        aria-label={t('upload.choose')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          void add(event.target.webkitdirectory ? audioOf(files) : files)
          event.target.value = ''
        }}
      />
    </section>
  )
}

function choose(input: HTMLInputElement | null, folder: boolean): void {
  if (!input) return
  input.webkitdirectory = folder
  input.click()
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
