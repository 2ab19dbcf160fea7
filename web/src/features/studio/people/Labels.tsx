import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { answer, api } from '../../../api/client'
import type { Artist, LabelOffer } from '../../../api/types'
import { Button } from '../../../ui/Button'
import { Field } from '../../../ui/Field'
import { ProblemNotice } from '../../../ui/Notice'
import { artistQuery } from '../../artists/queries'
import { Sheet } from './Sheet'
import { labelOffers, roster } from './queries'

/** The label that manages the artist, the artists that it manages itself, and what is offered. */
export function Labels({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const managed = useInfiniteQuery(roster(artist.id)).data?.pages.flatMap((page) => page.items) ?? []
  const offers = useInfiniteQuery(labelOffers(artist.id)).data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Sheet title={t('people.label')} lead={t('people.labelLead')}>
      <ul className="flex flex-col divide-y divide-line">
        {artist.label && <Managed artist={artist} of={artist} text={t('people.managedBy', { label: artist.label.name })} to={artist.label.slug} />}
        {managed.map((one) => <Managed key={one.id} artist={artist} of={one} text={t('people.manages', { artist: one.name })} to={one.slug} />)}
        {offers.map((offer) => <Offer key={offer.id} artist={artist} offer={offer} />)}
      </ul>
      {!artist.label && <NewOffer artist={artist} />}
    </Sheet>
  )
}

/** Makes what was said about labels show everywhere. */
function useRefresh(artist: Artist) {
  const client = useQueryClient()
  return async () => {
    await Promise.all([client.invalidateQueries({ queryKey: ['people'] }), client.invalidateQueries({ queryKey: artistQuery(artist.slug).queryKey }), client.invalidateQueries({ queryKey: ['artists', 'mine'] })])
  }
}

function Managed({ artist, of, text, to }: { artist: Artist; of: { id: string }; text: string; to: string }) {
  const { t } = useTranslation()
  const ending = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/artists/{id}/label', { params: { path: { id: of.id } } })),
    onSettled: useRefresh(artist),
  })
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <Link to={`/artists/${to}`} className="min-w-0 flex-1 basis-40 truncate font-semibold hover:underline">{text}</Link>
      <Button look="danger" busy={ending.isPending} onClick={() => ending.mutate()}>{t('people.endLabel')}</Button>
      {ending.isError && <ProblemNotice problem={ending.error} />}
    </li>
  )
}

function Offer({ artist, offer }: { artist: Artist; offer: LabelOffer }) {
  const { t } = useTranslation()
  const onSettled = useRefresh(artist)
  const path = { id: offer.artist.id, label: offer.label.id }
  const accepting = useMutation({ mutationFn: () => answer(api.PUT('/api/v1/artists/{id}/label', { params: { path: { id: path.id } }, body: { label: path.label } })), onSettled })
  const declining = useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/artists/{id}/label-offers/{label}', { params: { path } })), onSettled })
  // Who made the offer waits for the other side.
  const own = (offer.offered_by === 'artist' ? offer.artist.id : offer.label.id) === artist.id
  const problem = accepting.error ?? declining.error
  return (
    <li className="flex flex-wrap items-center gap-3 py-3">
      <p className="min-w-0 flex-1 basis-40 break-words">{t(own ? 'people.offered' : 'people.offer', { artist: offer.artist.name, label: offer.label.name })}</p>
      {!own && <Button look="primary" busy={accepting.isPending} onClick={() => accepting.mutate()}>{t('people.accept')}</Button>}
      <Button busy={declining.isPending} onClick={() => declining.mutate()}>{t(own ? 'people.takeBack' : 'people.decline')}</Button>
      {problem && <ProblemNotice problem={problem} className="w-full" />}
    </li>
  )
}

function NewOffer({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const [label, setLabel] = useState('')
  const refresh = useRefresh(artist)
  const offering = useMutation({
    mutationFn: () => answer(api.PUT('/api/v1/artists/{id}/label', { params: { path: { id: artist.id } }, body: { label: label.trim() } })),
    onSuccess: async () => {
      setLabel('')
      await refresh()
    },
  })
  return (
    <form
      aria-label={t('people.offerLabel')}
      className="mt-3 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        offering.mutate()
      }}
    >
      <Field label={t('people.labelSlug')} className="min-w-0 flex-1 basis-48" required maxLength={64} autoComplete="off" spellCheck={false} value={label} onChange={(event) => setLabel(event.target.value)} />
      <Button type="submit" busy={offering.isPending}>{t('people.offerLabel')}</Button>
      {offering.isError && <ProblemNotice problem={offering.error} className="w-full" />}
    </form>
  )
}
