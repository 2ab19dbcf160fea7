import { useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Track } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'

interface TrackTitleProps {
  track: Track
  busy: boolean
  onSave: (title: string) => Promise<unknown>
}

/** A title that can be changed in place. */
export function TrackTitle({ track, busy, onSave }: TrackTitleProps) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState<string | null>(null)
  if (draft === null) {
    return (
      <div className="flex items-center">
        <p className="truncate text-lg leading-10 font-semibold">{track.title}</p>
        <IconButton label={t('studio.retitle', { title: track.title })} icon="pencil" iconClass="size-4" onClick={() => setDraft(track.title)} />
      </div>
    )
  }
  const save = async () => {
    if (draft.trim() === '') return
    try {
      if (draft.trim() !== track.title) await onSave(draft.trim())
      setDraft(null)
    } catch {
      // The card shows the problem; the field keeps what was typed.
    }
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') void save()
    if (event.key === 'Escape') setDraft(null)
  }
  return (
    <div className="mb-1 flex flex-wrap gap-2">
      {/* The pencil was pressed to write here. */}
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
      <input autoFocus aria-label={t('studio.trackTitle')} value={draft} maxLength={200} onChange={(event) => setDraft(event.target.value)} onKeyDown={onKeyDown} className="h-10 min-w-0 flex-1 basis-40 rounded-xl border border-edge bg-raised px-3" />
      <Button look="primary" busy={busy} onClick={() => void save()}>{t('common.save')}</Button>
    </div>
  )
}
