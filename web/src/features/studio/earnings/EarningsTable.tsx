import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Earning } from '../../../api/types'
import { Button, buttonLook } from '../../../ui/Button'
import { Choice } from '../../../ui/Field'
import { Block, Loading, ProblemNotice } from '../../../ui/Notice'
import { useLocale } from '../../../i18n/useLocale'
import { money } from './money'
import { earnings } from './queries'

const groups = ['month', 'month,track', 'track', 'territory', 'store'] as const
type Group = (typeof groups)[number]

/** Earnings in groups of the reader's choice. */
export function EarningsTable({ artistId }: { artistId: string }) {
  const { t } = useTranslation()
  const [group, setGroup] = useState<Group>('month')
  const list = useInfiniteQuery(earnings(artistId, group))
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const names: Record<Group, string> = {
    'month': t('earnings.byMonth'), 'month,track': t('earnings.byMonthAndTrack'), 'track': t('earnings.byTrack'), 'territory': t('earnings.byTerritory'), 'store': t('earnings.byStore'),
  }
  return (
    <div>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-4">
        <Choice label={t('earnings.group')} value={group} onChange={(event) => setGroup(event.target.value as Group)} options={groups.map((value) => ({ value, label: names[value] }))} />
        <a className={buttonLook()} href={`/api/v1/artists/${artistId}/earnings.csv?group=${group}`} download>{t('earnings.download')}</a>
      </div>
      {list.isPending && <Loading><Block className="h-40 w-full rounded-2xl" /></Loading>}
      {list.isError && !list.data && <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />}
      {list.data && items.length === 0 && <p className="rounded-2xl border border-dashed border-line px-6 py-10 text-soft">{t('earnings.nothing')}</p>}
      {items.length > 0 && <Table items={items} group={group} />}
      {list.hasNextPage && <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('common.more')}</Button>}
    </div>
  )
}

function Table({ items, group }: { items: Earning[]; group: Group }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const has = (dimension: string) => group.split(',').includes(dimension)
  const cell = 'px-3 py-2'
  return (
    // A wide table is scrolled by itself; who has no mouse must get there.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section aria-label={t('earnings.title')} tabIndex={0} className="overflow-x-auto rounded-2xl border border-line bg-surface">
      <table className="figures w-full text-left text-sm">
        <thead className="text-soft">
          <tr>
            {has('month') && <th scope="col" className={cell}>{t('earnings.month')}</th>}
            {has('track') && <th scope="col" className={cell}>{t('earnings.track')}</th>}
            {has('territory') && <th scope="col" className={cell}>{t('earnings.territory')}</th>}
            {has('store') && <th scope="col" className={cell}>{t('earnings.store')}</th>}
            <th scope="col" className={`${cell} text-right`}>{t('earnings.streams')}</th>
            <th scope="col" className={`${cell} text-right`}>{t('earnings.sold')}</th>
            <th scope="col" className={`${cell} text-right`}>{t('earnings.amount')}</th>
            <th scope="col" className={`${cell} text-right`}>{t('earnings.plays')}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {items.map((item) => (
            <tr key={[item.month, item.track?.id, item.territory, item.store].join('|')}>
              {has('month') && <td className={cell}>{item.month}</td>}
              {has('track') && <td className={`${cell} max-w-64 truncate`}>{item.track?.title ?? t('earnings.unknownTrack')}</td>}
              {has('territory') && <td className={cell}>{country(item.territory, locale) ?? t('earnings.nowhere')}</td>}
              {has('store') && <td className={cell}>{item.store}</td>}
              <td className={`${cell} text-right`}>{item.streams.toLocaleString(locale)}</td>
              <td className={`${cell} text-right`}>{(item.downloads + item.physical + item.other).toLocaleString(locale)}</td>
              <td className={`${cell} text-right`}>{item.amounts.map((amount) => <span key={amount.currency} className="block whitespace-nowrap">{money(amount, locale)}</span>)}</td>
              <td className={`${cell} text-right`}>{item.own_plays.toLocaleString(locale)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function country(code: string | null | undefined, locale: string): string | null {
  if (!code) return null
  return new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' }).of(code) ?? code
}
