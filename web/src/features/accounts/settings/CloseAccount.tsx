import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Me } from '../../../api/types'
import { Button } from '../../../ui/Button'
import { Dialog } from '../../../ui/Dialog'
import { Field } from '../../../ui/Field'
import { ProblemNotice } from '../../../ui/Notice'
import { leave } from '../session'
import { Actions } from './Section'

/** Closes the account, after its owner has typed whose it is. */
export function CloseAccount({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Actions><Button look="danger" icon="trash" onClick={() => setAsking(true)}>{t('closing.action')}</Button></Actions>
      {asking && <Closing handle={me.handle} onClose={() => setAsking(false)} />}
    </>
  )
}

function Closing({ handle, onClose }: { handle: string; onClose: () => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const closing = useMutation({ mutationFn: () => answer(api.DELETE('/api/v1/me')), onSuccess: () => leave('/goodbye') })
  return (
    <Dialog title={t('closing.sure')} onClose={onClose}>
      <form
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          closing.mutate()
        }}
      >
        <p className="text-soft">{t('closing.text')}</p>
        {closing.isError && <ProblemNotice problem={closing.error} />}
        <Field focused label={t('closing.type', { handle })} autoComplete="off" autoCapitalize="none" spellCheck={false} value={typed} onChange={(event) => setTyped(event.target.value)} />
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" look="danger" icon="trash" busy={closing.isPending} disabled={typed.trim().replace(/^@/, '').toLowerCase() !== handle}>{t('closing.action')}</Button>
        </div>
      </form>
    </Dialog>
  )
}
