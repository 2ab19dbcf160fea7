import { useTranslation } from 'react-i18next'
import { addressAt, type Kind } from '../../ui/musicBrainz'

interface MusicBrainzProps {
  kind: Kind
  /** What is said of it now. */
  id: string | null | undefined
  /** What the tags of its files say. */
  tagged?: string | null
  onTake?: (id: string) => void
}

/** What an identifier of MusicBrainz is, the page that it names, and what the tags say where nobody said anything. */
export function MusicBrainz({ kind, id, tagged = null, onTake }: MusicBrainzProps) {
  const { t } = useTranslation()
  if (id) return <a href={addressAt(kind, id)} target="_blank" rel="noopener noreferrer" className="underline underline-offset-4">{t('musicbrainz.page')}</a>
  if (tagged && onTake) return <button type="button" onClick={() => onTake(tagged)} className="text-left break-all underline underline-offset-4">{t('musicbrainz.take', { id: tagged })}</button>
  return <>{t('musicbrainz.hint')}</>
}
