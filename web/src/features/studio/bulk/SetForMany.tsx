import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { creditRoles, type CreditRole } from '../../../api/types'
import { useLabel } from '../../../i18n/useLabel'
import { Button } from '../../../ui/Button'
import { Choice, Field, Tick } from '../../../ui/Field'
import type { TrackForm } from '../editing/trackForm'

const fields = ['version', 'composer', 'featured_artists', 'languages', 'disc', 'explicit', 'credits'] as const
type Wanted = (typeof fields)[number]

interface SetForManyProps {
  /** How many tracks are chosen. */
  count: number
  /** Changes the rows that are chosen; nothing is sent yet. */
  onSet: (part: (form: TrackForm) => Partial<TrackForm>) => void
}

/** One value for all tracks that are chosen; a credit is added to those that they have. */
export function SetForMany({ count, onSet }: SetForManyProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const [field, setField] = useState<Wanted>('composer')
  const [text, setText] = useState('')
  const [role, setRole] = useState<CreditRole>('producer')
  const [isExplicit, setExplicit] = useState(false)
  const set = () => onSet((form) => {
    if (field === 'explicit') return { explicit: isExplicit }
    if (field !== 'credits') return { [field]: text }
    const isThere = form.credits.some((credit) => credit.role === role && credit.name.trim() === text.trim())
    return isThere ? {} : { credits: [...form.credits, { role, name: text.trim(), detail: '' }] }
  })
  const isReady = count > 0 && (field !== 'credits' || text.trim() !== '')
  return (
    <fieldset className="min-w-0 rounded-xl border border-line p-4">
      <legend className="px-1 text-sm font-semibold">{t('bulk.forMany', { count })}</legend>
      <div className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2 lg:grid-cols-[12rem_12rem_minmax(0,1fr)_auto]">
        <Choice label={t('bulk.field')} value={field} options={fields.map((value) => ({ value, label: label('metadata', value) }))} onChange={(event) => setField(event.target.value as Wanted)} />
        {field === 'credits' && <Choice label={t('bulk.role')} value={role} options={creditRoles.map((value) => ({ value, label: label('creditRoles', value) }))} onChange={(event) => setRole(event.target.value as CreditRole)} />}
        {field === 'explicit'
          ? <Tick label={t('metadata.explicit')} checked={isExplicit} onChange={(event) => setExplicit(event.target.checked)} className="h-11 items-center" />
          : <Field label={t('bulk.value')} autoComplete="off" maxLength={200} value={text} onChange={(event) => setText(event.target.value)} className={field === 'credits' ? '' : 'lg:col-span-2'} />}
        <Button disabled={!isReady} onClick={set}>{t('bulk.set')}</Button>
      </div>
    </fieldset>
  )
}
