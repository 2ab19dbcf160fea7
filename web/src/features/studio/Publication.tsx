import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client'
import { visibilities, type Release, type Visibility } from '../../api/types'
import { useLabel } from '../../i18n/useLabel'
import { useLocale } from '../../i18n/useLocale'
import { Button } from '../../ui/Button'
import { Choice, Field } from '../../ui/Field'
import { ProblemNotice } from '../../ui/Notice'
import { day, moment } from '../../ui/time'
import { releaseQuery } from '../artists/queries'
import { Checklist } from './Checklist'

/** What becomes of a release: when it comes out, for whom, or null to take it back. */
type Wish = { at?: string; visibility?: Visibility } | null

/** Brings a release before its listeners, now or at the end of an embargo, says who they are, and takes it back. */
export function Publication({ release }: { release: Release }) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const [at, setAt] = useState('')
  // Said only where it was chosen here: what somebody else has chosen meanwhile stays.
  const [chosen, setChosen] = useState<Visibility | null>(null)
  const visibility = chosen ?? release.visibility
  const where = { params: { path: { id: release.id } } }
  const turning = useMutation({
    mutationFn: async (wish: Wish) => {
      if (wish) await answer(api.PUT('/api/v1/releases/{id}/publication', { ...where, body: wish }))
      else await answer(api.DELETE('/api/v1/releases/{id}/publication', where))
    },
    onSuccess: () => setAt(''),
    onSettled: async () => {
      await Promise.all([client.invalidateQueries({ queryKey: releaseQuery(release.id).queryKey }), client.invalidateQueries({ queryKey: ['releases'] })])
      setChosen(null)
    },
  })
  const isOut = release.state === 'published'
  const blocked = !isOut && !release.tracks.some((track) => track.state === 'ready')
  const waiting = release.tracks.some((track) => track.state === 'processing')
  const later = at ? new Date(at) : null
  const choose = (value: Visibility) => {
    setChosen(value)
    // Of what is out already, that is all there is to say.
    if (isOut) turning.mutate({ visibility: value })
  }
  return (
    <section aria-label={t('publication.title')} className="rounded-2xl border border-line bg-surface p-6">
      <h2 className="text-2xl">{t('publication.title')}</h2>
      <State release={release} />
      {turning.isError && <ProblemNotice problem={turning.error} className="mb-4" />}
      <div className="flex flex-col gap-4">
        <Choice
          label={t('publication.visibility')}
          hint={label('visibilityHints', visibility)}
          options={visibilities.map((value) => ({ value, label: label('visibilities', value) }))}
          value={visibility}
          onChange={(event) => choose(event.target.value as Visibility)}
        />
        {!isOut && <Field label={t('publication.at')} hint={t('publication.atHint')} type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />}
        {!isOut && (
          <Button className="w-full" busy={turning.isPending} disabled={blocked || waiting} onClick={() => turning.mutate({ ...(chosen && { visibility: chosen }), ...(later && { at: later.toISOString() }) })}>
            {t(later ? 'publication.schedule' : 'publication.publish')}
          </Button>
        )}
        {(isOut || release.state === 'scheduled') && (
          <Button look="quiet" className="w-full" busy={turning.isPending} onClick={() => turning.mutate(null)}>
            {t(isOut ? 'publication.takeBack' : 'publication.callOff')}
          </Button>
        )}
      </div>
      {!isOut && <Checklist release={release} />}
    </section>
  )
}

function State({ release }: { release: Release }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const waiting = release.tracks.filter((track) => track.state === 'processing').length
  const text = () => {
    if (release.state === 'published' && release.published_at) return t('release.publishedOn', { day: day(release.published_at, locale) })
    if (release.state === 'scheduled' && release.published_at) return t('publication.comesOut', { moment: moment(release.published_at, locale) })
    if (waiting > 0) return t('publication.waiting', { count: waiting })
    return t(release.tracks.some((track) => track.state === 'ready') ? 'publication.ready' : 'publication.empty')
  }
  return <p className="mt-2 mb-4 text-sm text-soft">{text()}</p>
}
