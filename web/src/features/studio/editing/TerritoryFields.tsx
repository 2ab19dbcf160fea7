import { useTranslation } from 'react-i18next'
import type { TerritoryRule } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { IconButton } from '../../../ui/Button'
import { Choice } from '../../../ui/Field'
import { countries, countryName } from './countries'

/** Where a release is meant to be heard, as its form holds it; no rule is everywhere. */
export interface TerritoryForm {
  rule: TerritoryRule | ''
  countries: string[]
}

export function TerritoryFields({ value, problem, onChange }: { value: TerritoryForm; problem: unknown; onChange: (value: TerritoryForm) => void }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const problemOf = useFieldProblem(problem)
  const told = problemOf('territories') ?? problemOf('territories.countries')
  const rules = [{ value: '', label: t('territory.everywhere') }, { value: 'allow', label: t('territory.allow') }, { value: 'deny', label: t('territory.deny') }]
  const others = countries(locale).filter(({ code }) => !value.countries.includes(code))
  return (
    <div className="flex flex-col gap-3">
      <Choice label={t('metadata.territories')} hint={t('territory.hint')} value={value.rule} options={rules} onChange={(event) => onChange({ ...value, rule: event.target.value as TerritoryForm['rule'] })} />
      {value.rule !== '' && (
        <>
          {told && <p role="alert" className="text-sm text-alarm">{told}</p>}
          <ul className="flex flex-wrap gap-2">
            {value.countries.map((code) => (
              <li key={code} className="flex items-center rounded-full border border-line bg-raised pl-4 text-sm">
                {countryName(code, locale)}
                <IconButton label={t('territory.remove', { country: countryName(code, locale) })} icon="cross" iconClass="size-4" className="size-8" onClick={() => onChange({ ...value, countries: value.countries.filter((other) => other !== code) })} />
              </li>
            ))}
          </ul>
          <Choice
            label={t('territory.add')}
            value=""
            options={[{ value: '', label: t('territory.choose') }, ...others.map(({ code, name }) => ({ value: code, label: name }))]}
            onChange={(event) => event.target.value !== '' && onChange({ ...value, countries: [...value.countries, event.target.value].toSorted() })}
          />
        </>
      )}
    </div>
  )
}
