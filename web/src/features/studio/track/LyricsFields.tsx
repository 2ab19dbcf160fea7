import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '../../../api/problem'
import { useFieldProblem } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { FileButton } from '../../../ui/FileButton'
import { TextArea } from '../../../ui/Field'
import { lineOf, spanOf } from '../editing/lrc'
import type { LyricsForm, TrackForm } from '../editing/trackForm'

type Lyrics = TrackForm['lyrics']

/** The words of a track: plain, or in time with the music as an LRC text, whose faulty line is one press away. */
export function LyricsFields({ lyrics, problem, onChange }: { lyrics: Lyrics; problem: unknown; onChange: (lyrics: Lyrics) => void }) {
  const { t, i18n } = useTranslation()
  const area = useRef<HTMLTextAreaElement>(null)
  const problemOf = useFieldProblem(problem)
  const isTimed = lyrics.form === 'timed'
  const line = isTimed && problem instanceof ApiProblem && problem.field === 'lyrics_lrc' ? lineOf(problem.detail ?? problem.message) : null
  const told = problemOf('lyrics_lrc') ?? problemOf('lyrics') ?? problemOf('lyrics.text')
  // The server says in English what a line lacks; in other languages its number is what helps.
  const sentence = line !== null && i18n.language !== 'en' ? t('lyrics.badLine', { line }) : told
  const goTo = (number: number) => {
    const text = area.current
    if (!text) return
    text.focus()
    text.setSelectionRange(...spanOf(text.value, number))
    text.scrollTop = ((number - 2) / Math.max(1, text.value.split('\n').length)) * text.scrollHeight
  }
  const read = async (chosen: File) => onChange({ ...lyrics, form: 'timed', timed: (await chosen.text()).replaceAll(/\r\n?/g, '\n') })
  const kinds: { value: LyricsForm; label: string }[] = [{ value: 'plain', label: t('lyrics.plain') }, { value: 'timed', label: t('lyrics.timed') }]
  return (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className="mb-3 font-display text-xl">{t('metadata.lyrics')}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2 text-sm font-semibold">
        {kinds.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-2">
            <input type="radio" name="lyrics-form" checked={lyrics.form === value} onChange={() => onChange({ ...lyrics, form: value })} className="size-4" />
            {label}
          </label>
        ))}
      </div>
      {isTimed ? (
        <TextArea ref={area} label={t('lyrics.lrc')} hint={t('lyrics.lrcHint')} problem={sentence} rows={14} spellCheck={false} value={lyrics.timed} onChange={(event) => onChange({ ...lyrics, timed: event.target.value })} placeholder={'[00:12.00]…\n[00:17.20]…'} />
      ) : (
        <TextArea label={t('lyrics.words')} hint={t('lyrics.wordsHint')} problem={sentence} rows={14} maxLength={20_000} value={lyrics.plain} onChange={(event) => onChange({ ...lyrics, plain: event.target.value })} />
      )}
      <div className="flex flex-wrap gap-3">
        {line !== null && <Button icon="down" onClick={() => goTo(line)}>{t('lyrics.goTo', { line })}</Button>}
        <FileButton label={t('lyrics.file')} accept=".lrc,text/plain" onFile={(chosen) => void read(chosen)} />
      </div>
    </fieldset>
  )
}
