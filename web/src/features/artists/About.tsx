import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Artist } from '../../api/types'
import { addressAt } from '../../ui/musicBrainz'

/** What an artist says of itself. The HTML of the biography comes from the server's sieve, and the page's policy lets nothing in it run. */
export function About({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const { biography, places, genres, label } = artist
  const links = artist.artist_mbid ? [...artist.links, { label: 'MusicBrainz', url: addressAt('artist', artist.artist_mbid) }] : artist.links
  const facts = [places.join(', '), genres.join(', ')].filter((fact) => fact !== '')
  if (biography.html === '' && links.length === 0 && facts.length === 0 && !label) return null
  return (
    <section aria-label={t('artist.about')} className="mt-14 max-w-3xl border-t border-line pt-8">
      <h2 className="mb-4 text-3xl">{t('artist.about')}</h2>
      {facts.length > 0 && <p className="mb-4 text-soft">{facts.join(' · ')}</p>}
      {/* oxlint-disable-next-line react/no-danger */}
      {biography.html !== '' && <div className="prose" dangerouslySetInnerHTML={{ __html: biography.html }} />}
      {label && (
        <p className="mt-4 text-sm text-soft">
          {t('artist.label')} <Link to={`/artists/${label.slug}`} className="font-semibold text-ink underline underline-offset-4">{label.name}</Link>
        </p>
      )}
      {links.length > 0 && (
        <ul className="mt-6 flex flex-wrap gap-3">
          {links.map((link) => (
            <li key={`${link.label} ${link.url}`}>
              <a href={link.url} rel="nofollow ugc noopener noreferrer" target="_blank" className="inline-block max-w-full truncate rounded-full border border-line bg-surface px-4 py-1.5 text-sm font-semibold hover:border-edge">{link.label}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
