import { useTranslation } from 'react-i18next'
import { useLabel } from '../../../i18n/useLabel'
import { Button } from '../../../ui/Button'
import { Note } from '../../../ui/Notice'
import { FieldValue } from '../history/FieldValue'
import type { Editor } from './useEditor'

/** The end of a form over something that others edit too: the way to save, and the way out where they were faster. */
export function SaveBar({ editor }: { editor: Editor }) {
  const { t } = useTranslation()
  return (
    <>
      {editor.clash && <Choice clash={editor.clash} />}
      {editor.isSaved && <Note>{t('editor.saved')}</Note>}
      <div className="flex flex-wrap items-center gap-4">
        <Button type="submit" look="primary" busy={editor.isSaving} disabled={!editor.isChanged}>{t('common.save')}</Button>
        {editor.isChanged && <span className="text-sm text-soft">{t('editor.unsaved')}</span>}
      </div>
    </>
  )
}

/** The same field, changed by two people: both values, and two ways on. */
function Choice({ clash }: { clash: NonNullable<Editor['clash']> }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <section role="alert" aria-label={t('editor.clash')} className="flex flex-col gap-3 rounded-xl bg-alarm-tint px-4 py-3 text-sm">
      <h3 className="text-xl text-alarm">{t('editor.clash')}</h3>
      <p>{t('editor.clashLead')}</p>
      <dl className="flex flex-col gap-3">
        {clash.fields.map(({ field, about, mine, theirs }) => (
          <div key={`${about ?? ''} ${field}`} className="min-w-0">
            <dt className="font-semibold">{[about, label('metadata', field)].filter(Boolean).join(' · ')}</dt>
            <dd className="mt-1 grid grid-cols-1 gap-2 sm:grid-cols-2">
              <div className="min-w-0"><span className="text-xs text-soft">{t('editor.theirs')}</span><FieldValue field={field} value={theirs} /></div>
              <div className="min-w-0"><span className="text-xs text-soft">{t('editor.mine')}</span><FieldValue field={field} value={mine} /></div>
            </dd>
          </div>
        ))}
      </dl>
      <div className="flex flex-wrap gap-3">
        <Button onClick={clash.takeTheirs}>{t('editor.takeTheirs')}</Button>
        <Button onClick={clash.keepMine}>{t('editor.keepMine')}</Button>
      </div>
    </section>
  )
}
