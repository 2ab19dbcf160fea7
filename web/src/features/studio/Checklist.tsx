import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import type { ChecklistItem, Release } from '../../api/types'
import { useServerText } from '../../i18n/problemText'
import { useLabel } from '../../i18n/useLabel'

/** What to look at before a release comes out, what weighs most first. What is heard stands at the tracks. */
export function Checklist({ release }: { release: Release }) {
  const { t } = useTranslation()
  const label = useLabel()
  const serverText = useServerText()
  const list = useQuery({
    // Whatever changes the release may have settled a line.
    queryKey: ['checklist', release],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answer(api.GET('/api/v1/releases/{id}/checklist', { params: { path: { id: release.id } }, signal })),
  })
  const lines = grouped(list.data?.items ?? [])
  if (lines.length === 0) return null
  return (
    <details className="mt-4 text-sm">
      <summary className="cursor-pointer font-semibold">{t('checklist.title', { count: lines.length })}</summary>
      <ul className="mt-3 space-y-2">
        {lines.map(({ item, tracks }) => (
          <li key={item.kind} data-checklist={item.kind}>
            <span className="block text-xs text-soft">{[label('weights', item.weight), tracks > 1 && t('checklist.tracks', { count: tracks })].filter(Boolean).join(' · ')}</span>
            {serverText(`checklistItems.${item.kind}`, item.message)}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** Each kind once, with the number of its tracks; without what the quality reports say. */
function grouped(items: ChecklistItem[]): { item: ChecklistItem; tracks: number }[] {
  const lines = new Map<string, { item: ChecklistItem; tracks: number }>()
  for (const item of items) {
    if (item.track_id && !item.field && !item.kind.startsWith('track_') && item.kind !== 'shares_not_agreed') continue
    const line = lines.get(item.kind)
    if (line) line.tracks += 1
    else lines.set(item.kind, { item, tracks: 1 })
  }
  return [...lines.values()]
}
