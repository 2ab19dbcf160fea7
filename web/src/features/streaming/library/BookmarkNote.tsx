import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Bookmark } from '../../../api/types'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { TextArea } from '../../../ui/Field'
import { ProblemNotice } from '../../../ui/Notice'
import { useKeepBookmark } from './useBookmarks'

interface BookmarkNoteProps {
  bookmark: Bookmark
  /** The track's. */
  title: string
  onClose: () => void
}

/** Asks what a bookmark is for. */
export function BookmarkNote({ bookmark, title, onClose }: BookmarkNoteProps) {
  const { t } = useTranslation()
  const [note, setNote] = useState(bookmark.note ?? '')
  const keeping = useKeepBookmark()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    keeping.mutate({ ...bookmark, note: note.trim() || null }, { onSuccess: onClose })
  }
  return (
    <Dialog title={t('library.editNote', { title })} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <TextArea label={t('library.note')} hint={t('library.noteHint')} value={note} maxLength={500} rows={4} data-focused onChange={(event) => setNote(event.target.value)} />
        {keeping.isError && <ProblemNotice problem={keeping.error} />}
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="primary" busy={keeping.isPending}>{t('common.save')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
