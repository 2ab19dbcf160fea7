import { DropdownMenu } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Me } from '../../api/types'
import { useProblemText } from '../../i18n/problemText'
import { Avatar } from '../../ui/Avatar'
import { showToast } from '../../ui/toasts'
import { signOut } from './session'

const item = 'flex h-10 cursor-pointer items-center rounded-lg px-3 text-sm outline-none data-[highlighted]:bg-tint'

/** What belongs to the account; fetched apart, since visitors have none. */
export default function SignedInMenu({ me }: { me: Me }) {
  const { t } = useTranslation()
  const problemText = useProblemText()
  const leave = () => signOut().catch((problem: unknown) => showToast({ title: problemText(problem) }))
  return (
    // Not modal: the modal kind injects a style element, which the page's policy forbids.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger aria-label={t('accounts.menu', { name: me.display_name })} className="shrink-0 rounded-full">
        <Avatar name={me.display_name} picture={me.picture_url && `${me.picture_url}?size=128`} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={8} className="rise z-50 w-56 rounded-2xl border border-line bg-surface p-2 shadow-high">
          <DropdownMenu.Label className="px-3 pt-1 pb-2">
            <span className="block truncate font-semibold">{me.display_name}</span>
            <span className="block truncate text-sm text-soft">@{me.handle}</span>
          </DropdownMenu.Label>
          <DropdownMenu.Separator className="mb-2 h-px bg-line" />
          <DropdownMenu.Item asChild className={item}><Link to="/library">{t('library.title')}</Link></DropdownMenu.Item>
          <DropdownMenu.Item asChild className={item}><Link to="/studio">{t('studio.title')}</Link></DropdownMenu.Item>
          <DropdownMenu.Item asChild className={item}><Link to="/playlists">{t('nav.playlists')}</Link></DropdownMenu.Item>
          <DropdownMenu.Item asChild className={item}><Link to="/inbox">{t('inbox.title')}</Link></DropdownMenu.Item>
          <DropdownMenu.Item asChild className={item}><Link to="/settings">{t('accounts.settings')}</Link></DropdownMenu.Item>
          {me.role !== 'listener' && <DropdownMenu.Item asChild className={item}><Link to="/admin/accounts">{t(me.role === 'admin' ? 'accounts.administration' : 'accounts.moderation')}</Link></DropdownMenu.Item>}
          <DropdownMenu.Item className={item} onSelect={() => void leave()}>{t('accounts.signOut')}</DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
