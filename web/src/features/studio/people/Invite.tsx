import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import { memberRoles, type Artist, type MemberRole } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLabel } from '../../../i18n/useLabel'
import { Button } from '../../../ui/Button'
import { Choice, Field, Tick } from '../../../ui/Field'
import { Note, ProblemNotice } from '../../../ui/Notice'
import { Panel } from '../Panel'
import { sentInvitations } from './queries'

/** Asks somebody to act for the artist. */
export function Invite({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const [invitee, setInvitee] = useState('')
  const [role, setRole] = useState<MemberRole>('editor')
  const [handsOver, setHandsOver] = useState(false)
  const inviting = useMutation({
    mutationFn: () => answer(api.POST('/api/v1/artists/{id}/invitations', { params: { path: { id: artist.id } }, body: { invitee: invitee.trim(), role, hands_over: role === 'owner' && handsOver } })),
    onSuccess: async () => {
      setInvitee('')
      setHandsOver(false)
      await client.invalidateQueries({ queryKey: sentInvitations(artist.id).queryKey })
    },
  })
  const problemOf = useFieldProblem(inviting.error)
  return (
    <Panel title={t('people.invite')} onSubmit={() => inviting.mutate()}>
      {inviting.isError && problemOf('invitee') === null && <ProblemNotice problem={inviting.error} />}
      {inviting.isSuccess && invitee === '' && <Note>{t('people.invited')}</Note>}
      <Field label={t('people.invitee')} hint={t('people.inviteeHint')} problem={problemOf('invitee')} required maxLength={254} autoComplete="off" spellCheck={false} value={invitee} onChange={(event) => setInvitee(event.target.value)} />
      <Choice label={t('people.as')} hint={label('memberRoleHints', role)} value={role} onChange={(event) => setRole(event.target.value as MemberRole)} options={memberRoles.map((value) => ({ value, label: label('memberRoles', value) }))} />
      {role === 'owner' && <Tick label={t('people.handOver')} hint={t('people.handOverHint')} checked={handsOver} onChange={(event) => setHandsOver(event.target.checked)} />}
      <Button type="submit" look="primary" busy={inviting.isPending}>{t('people.send')}</Button>
    </Panel>
  )
}
