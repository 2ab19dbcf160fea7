import type { TFunction } from 'i18next'
import { expect, it } from 'vitest'
import type { Notification } from '../../api/types'
import { newsText } from './newsText'

const t = ((key: string, values?: object) => `${key} ${JSON.stringify(values ?? {})}`) as unknown as TFunction
const news = (kind: string, subtitle: string) => newsText(t, { kind, subtitle } as unknown as Notification)

it('words each kind with what the server tells of it', () => {
  expect(news('invitation_accepted', 'ada')).toBe('inbox.invitationAccepted {"name":"ada"}')
  expect(news('invitation_accepted', '')).toContain('inbox.gone')
  expect(news('label_offered', 'Lena')).toBe('inbox.labelOffered {"label":"Lena"}')
  expect(news('role_changed', 'editor')).toContain('memberRoles.editor')
})

it('shows what a newer server says as it is', () => {
  expect(news('something_else', 'word for word')).toBe('word for word')
})
