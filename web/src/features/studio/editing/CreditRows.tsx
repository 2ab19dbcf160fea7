import { useTranslation } from 'react-i18next'
import { creditRoles, type Credit, type CreditRole } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLabel } from '../../../i18n/useLabel'
import { Button, IconButton } from '../../../ui/Button'
import { Choice, Field } from '../../../ui/Field'

/** A credit as its line holds it. */
export interface CreditLine {
  role: CreditRole
  name: string
  detail: string
}

export const creditLines = (credits: readonly Credit[] | undefined): CreditLine[] =>
  (credits ?? []).map(({ role, name, detail }) => ({ role, name, detail: detail ?? '' }))

export const creditsOf = (lines: readonly CreditLine[]): Credit[] =>
  lines.map(({ role, name, detail }) => ({ role, name: name.trim(), detail: detail.trim() === '' ? null : detail.trim() }))

const MOST = 100

/** Who did what, in the order in which it is shown. */
export function CreditRows({ credits, problem, disabled = false, onChange }: { credits: CreditLine[]; problem: unknown; disabled?: boolean; onChange: (credits: CreditLine[]) => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const problemOf = useFieldProblem(problem)
  const put = (index: number, change: Partial<CreditLine>) => onChange(credits.map((credit, other) => (other === index ? { ...credit, ...change } : credit)))
  const move = (index: number, by: number) => onChange(moved(credits, index, index + by))
  const options = creditRoles.map((value) => ({ value, label: label('creditRoles', value) }))
  return (
    <fieldset className="flex min-w-0 flex-col gap-3" disabled={disabled}>
      <legend className="mb-1.5 text-sm font-semibold">{t('metadata.credits')}</legend>
      {problemOf('credits') && <p className="text-sm text-alarm">{problemOf('credits')}</p>}
      <ol className="flex flex-col gap-3">
        {credits.map((credit, index) => {
          const number = index + 1
          return (
            // The lines have nothing of their own to be told apart by but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="grid grid-cols-1 items-start gap-3 rounded-xl border border-line p-3 sm:grid-cols-3">
              <Choice label={t('credit.role', { number })} value={credit.role} options={options} onChange={(event) => put(index, { role: event.target.value as CreditRole })} />
              <Field label={t('credit.name', { number })} problem={problemOf(`credits[${index}].name`)} required maxLength={200} autoComplete="off" value={credit.name} onChange={(event) => put(index, { name: event.target.value })} />
              <Field label={t('credit.detail', { number })} problem={problemOf(`credits[${index}].detail`)} maxLength={200} autoComplete="off" value={credit.detail} onChange={(event) => put(index, { detail: event.target.value })} />
              <div className="flex sm:col-span-3 sm:justify-end">
                <IconButton label={t('credit.up', { number })} icon="up" disabled={index === 0} onClick={() => move(index, -1)} />
                <IconButton label={t('credit.down', { number })} icon="down" disabled={index === credits.length - 1} onClick={() => move(index, 1)} />
                <IconButton label={t('credit.remove', { number })} icon="trash" onClick={() => onChange(credits.filter((_, other) => other !== index))} />
              </div>
            </li>
          )
        })}
      </ol>
      {credits.length < MOST && <div><Button icon="plus" onClick={() => onChange([...credits, { role: 'performer', name: '', detail: '' }])}>{t('credit.add')}</Button></div>}
    </fieldset>
  )
}

/** The list with one line at another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from)
  return [...rest.slice(0, to), list[from] as T, ...rest.slice(to)]
}
