import { useQuery } from '@tanstack/react-query'
import { useId, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Icon } from '../../ui/Icon'
import { HitLine } from './HitLine'
import { quickSearch, useRested } from './queries'

/** Search as you type, in the head of every page: arrows choose, Enter goes, Escape closes. */
export function SearchBox({ className = '' }: { className?: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const id = useId()
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [chosen, setChosen] = useState(-1)
  const q = useRested(text.trim())
  const { data } = useQuery(quickSearch(q))
  const hits = q === '' ? [] : (data?.items ?? [])
  const suggestion = q === '' ? null : (data?.did_you_mean ?? null)
  const shown = open && q !== '' && data !== undefined

  const go = (url: string) => {
    setOpen(false)
    setText('')
    setChosen(-1)
    void navigate(url)
  }
  const goToAll = () => go(`/search?q=${encodeURIComponent(text.trim())}`)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false)
    if (event.key === 'ArrowDown') setChosen((at) => Math.min(at + 1, hits.length - 1))
    if (event.key === 'ArrowUp') setChosen((at) => Math.max(at - 1, -1))
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') event.preventDefault()
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && text.trim() !== '') {
      const hit = hits[chosen]
      if (hit && shown) go(hit.url)
      else goToAll()
    }
  }
  return (
    <search className={`relative ${className}`} onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <Icon name="search" className="pointer-events-none absolute top-1/2 left-3.5 size-4.5 -translate-y-1/2 text-soft" />
      <input
        data-search
        role="combobox"
        aria-label={t('search.label')}
        aria-expanded={shown}
        aria-controls={`${id}-hits`}
        aria-autocomplete="list"
        aria-activedescendant={shown && chosen >= 0 ? `${id}-${chosen}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        placeholder={t('search.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setChosen(-1)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={onKeyDown}
        className="h-11 w-full rounded-full border border-line bg-surface pr-4 pl-10 transition-colors placeholder:text-soft hover:border-edge focus:bg-raised"
      />
      {shown && (
        <div className="rise absolute inset-x-0 top-13 z-40 min-w-80 rounded-2xl border border-line bg-surface p-2 shadow-high">
          {suggestion && <Corrected suggestion={suggestion} onChoose={() => setText(suggestion)} />}
          {hits.length === 0 && <p role="status" className="px-3 py-4 text-soft">{t('search.nothing', { q })}</p>}
          <div role="listbox" id={`${id}-hits`} aria-label={t('search.results')}>
            {hits.map((hit, at) => (
              // The field keeps the focus and names the chosen line; the lines themselves take only the pointer.
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
              <div key={hit.kind + hit.id} id={`${id}-${at}`} role="option" aria-selected={at === chosen} onPointerMove={() => setChosen(at)} onMouseDown={(event) => event.preventDefault()} onClick={() => go(hit.url)} className={`flex cursor-pointer items-center gap-3 rounded-xl p-2 ${at === chosen ? 'bg-tint' : ''}`}>
                <HitLine hit={hit} />
              </div>
            ))}
          </div>
          {hits.length > 0 && <button type="button" onClick={goToAll} className="mt-1 w-full rounded-xl px-3 py-2.5 text-left text-sm font-semibold text-accent hover:bg-tint">{t('search.all', { q })}</button>}
        </div>
      )}
    </search>
  )
}

export function Corrected({ suggestion, onChoose }: { suggestion: string; onChoose: () => void }) {
  const { t } = useTranslation()
  return (
    <p className="px-3 py-2 text-sm text-soft">
      {t('search.corrected')}{' '}
      <button type="button" onClick={onChoose} className="font-semibold text-accent underline underline-offset-4">{suggestion}</button>
    </p>
  )
}
