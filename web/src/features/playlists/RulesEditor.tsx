import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { PlaylistRule, PlaylistRules } from '../../api/types'
import { Button, IconButton } from '../../ui/Button'
import { Choice, Field } from '../../ui/Field'
import { ProblemNotice } from '../../ui/Notice'
import { changed } from './queries'
import { fields, firstRules, kinds, orders, tests, textOf, valueOf, withField, type Field as RuleField } from './rules'

/** By what a playlist fills itself: all of the lists, and one rule of each. */
export function RulesEditor({ playlist, rules }: { playlist: string; rules: PlaylistRules }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [edited, setEdited] = useState(rules)
  const saving = useMutation({
    mutationFn: () => answer(api.PATCH('/api/v1/playlists/{id}', { params: { path: { id: playlist } }, body: { rules: edited } })),
    onSuccess: () => changed(client, playlist),
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    saving.mutate()
  }
  const set = (all_of: PlaylistRule[][]) => setEdited({ ...edited, all_of: all_of.filter((group) => group.length > 0) })
  const replace = (at: number, group: PlaylistRule[]) => set(edited.all_of.map((other, index) => (index === at ? group : other)))
  const first = firstRules.all_of[0]?.[0]
  return (
    <form onSubmit={submit} aria-label={t('playlists.rules')} className="mb-8 rounded-2xl border border-line bg-surface p-5">
      <h2 className="mb-4 text-2xl">{t('playlists.rules')}</h2>
      <ol className="grid gap-4">
        {edited.all_of.map((group, at) => (
          // Rules have no names but their places.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at} className="grid gap-3 border-b border-line pb-4">
            {group.map((rule, place) => (
              // oxlint-disable-next-line react/no-array-index-key
              <RuleLine key={place} rule={rule} onChange={(changedRule) => replace(at, group.map((other, index) => (index === place ? changedRule : other)))} onRemove={() => replace(at, group.filter((_, index) => index !== place))} />
            ))}
            <Button look="plain" icon="plus" className="justify-self-start" onClick={() => first && replace(at, [...group, first])}>{t('playlists.or')}</Button>
          </li>
        ))}
      </ol>
      <Button icon="plus" className="mt-4" onClick={() => first && set([...edited.all_of, [first]])}>{t('playlists.and')}</Button>
      <div className="mt-5 flex flex-wrap items-end gap-3">
        <Choice label={t('playlists.order')} value={edited.order} options={orders.map((value) => ({ value, label: t(`playlists.orders.${value}`) }))} onChange={(event) => setEdited({ ...edited, order: event.target.value as PlaylistRules['order'] })} />
        <Field label={t('playlists.limit')} type="number" min={1} max={1000} required value={edited.limit} onChange={(event) => setEdited({ ...edited, limit: event.target.valueAsNumber })} className="w-32" />
        <Button type="submit" look="primary" busy={saving.isPending} className="h-11">{t('common.save')}</Button>
      </div>
      {saving.isError && <ProblemNotice problem={saving.error} className="mt-4" />}
    </form>
  )
}

function RuleLine({ rule, onChange, onRemove }: { rule: PlaylistRule; onChange: (rule: PlaylistRule) => void; onRemove: () => void }) {
  const { t } = useTranslation()
  const kind = kinds[rule.field]
  const label = t('playlists.value')
  const put = (text: string) => onChange({ ...rule, value: valueOf(rule.field, text) })
  const truth = (['true', 'false'] as const).map((value) => ({ value, label: t(`playlists.truth.${value}`) }))
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Choice label={t('playlists.field')} value={rule.field} options={fields.map((value) => ({ value, label: t(`playlists.fields.${value}`) }))} onChange={(event) => onChange(withField(rule, event.target.value as RuleField))} />
      <Choice label={t('playlists.test')} value={rule.test} options={tests[kind].map((value) => ({ value, label: t(`playlists.tests.${value}`) }))} onChange={(event) => onChange({ ...rule, test: event.target.value as PlaylistRule['test'] })} />
      {kind === 'flag'
        ? <Choice label={label} value={String(rule.value)} options={truth} onChange={(event) => put(event.target.value)} />
        : <Field label={label} value={textOf(rule)} type={kind === 'number' || kind === 'moment' ? 'number' : 'text'} step="any" required maxLength={200} onChange={(event) => put(event.target.value)} className="w-40" />}
      <IconButton label={t('playlists.removeRule')} icon="cross" className="mb-0.5" onClick={onRemove} />
    </div>
  )
}
