import type { TFunction } from 'i18next'
import type { Notification } from '../../api/types'

/** The second line of a notification, in the reader's language. */
export function newsText(t: TFunction, { kind, subtitle }: Notification): string {
  switch (kind) {
    case 'release_published':
      return t('inbox.newRelease', { from: subtitle })
    case 'member_invited':
      return t('inbox.memberInvited')
    case 'invitation_accepted':
      return t('inbox.invitationAccepted', { name: subtitle || t('inbox.gone') })
    case 'invitation_declined':
      return t('inbox.invitationDeclined', { name: subtitle || t('inbox.gone') })
    case 'role_changed':
      return t('inbox.roleChanged', { role: roleIn(t, subtitle) })
    case 'membership_ended':
      return t('inbox.membershipEnded')
    case 'label_offered':
      return t('inbox.labelOffered', { label: subtitle })
    case 'label_joined':
      return t('inbox.labelJoined', { label: subtitle })
    case 'label_left':
      return t('inbox.labelLeft', { label: subtitle })
    case 'share_offered':
      return t('inbox.shareOffered', { percent: subtitle })
    default:
      return subtitle
  }
}

function roleIn(t: TFunction, role: string): string {
  return role === 'owner' || role === 'editor' || role === 'viewer' ? t(`memberRoles.${role}`) : role
}
