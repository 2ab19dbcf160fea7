import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Passkey } from '../../../api/types'
import { useFieldProblem } from '../../../i18n/problemText'
import { useLocale } from '../../../i18n/useLocale'
import { Button, IconButton } from '../../../ui/Button'
import { Confirm, Dialog } from '../../../ui/Dialog'
import { Field } from '../../../ui/Field'
import { Block, Loading, Note, ProblemNotice } from '../../../ui/Notice'
import { ago, day } from '../../../ui/time'
import { attestation, passkeysWork, wasDeclined } from '../passkey'
import { passkeys } from './queries'
import { RecoveryCodes } from './RecoveryCodes'
import { Actions, SectionForm } from './Section'

/** The passkeys of an account: added, named, removed. */
export function PasskeyList() {
  const { t } = useTranslation()
  const list = useQuery(passkeys)
  const [codes, setCodes] = useState<string[] | null>(null)
  if (list.isPending) return <Loading><Block className="h-10 w-48" /></Loading>
  if (list.isError) return <ProblemNotice problem={list.error} onRetry={() => void list.refetch()} />
  if (codes) return <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
  return (
    <>
      {list.data.items.length > 0 && <ul className="flex flex-col divide-y divide-line">{list.data.items.map((passkey) => <Line key={passkey.id} passkey={passkey} />)}</ul>}
      {passkeysWork() ? <NewPasskey onCodes={setCodes} /> : <Note>{t('passkeys.unavailable')}</Note>}
    </>
  )
}

function Line({ passkey }: { passkey: Passkey }) {
  const { t } = useTranslation()
  const locale = useLocale()
  const [asking, setAsking] = useState<'name' | 'removal' | null>(null)
  const used = passkey.last_used_at ? t('passkeys.used', { when: ago(passkey.last_used_at, locale) }) : t('passkeys.unused')
  return (
    <li className="flex items-center gap-2 py-3">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{passkey.name}</p>
        <p className="text-sm text-soft">{`${t('settings.since', { day: day(passkey.created_at, locale) })} · ${used}`}</p>
      </div>
      <IconButton label={t('passkeys.rename', { name: passkey.name })} icon="pencil" onClick={() => setAsking('name')} />
      <IconButton label={t('passkeys.remove', { name: passkey.name })} icon="trash" onClick={() => setAsking('removal')} />
      {asking === 'name' && <Renaming passkey={passkey} onClose={() => setAsking(null)} />}
      {asking === 'removal' && <Removal passkey={passkey} onClose={() => setAsking(null)} />}
    </li>
  )
}

function NewPasskey({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const adding = useMutation({
    mutationFn: async () => {
      const made = await attestation(await answer(api.POST('/api/v1/me/passkeys/ceremonies')))
      return answer(api.POST('/api/v1/me/passkeys', { body: { ...made, name: name.trim() } }))
    },
    onSuccess: async ({ recovery_codes }) => {
      setName('')
      await client.invalidateQueries({ queryKey: ['settings'] })
      if (recovery_codes) onCodes(recovery_codes)
    },
  })
  const problem = useFieldProblem(adding.error)('name')
  const already = adding.error instanceof DOMException && adding.error.name === 'InvalidStateError'
  return (
    <SectionForm label={t('passkeys.add')} onSubmit={() => adding.mutate()}>
      {already && <Note>{t('passkeys.already')}</Note>}
      {adding.isError && !already && !wasDeclined(adding.error) && problem === null && <ProblemNotice problem={adding.error} />}
      <Field label={t('passkeys.name')} hint={t('passkeys.nameHint')} problem={problem} required maxLength={64} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
      <Actions><Button type="submit" icon="passkey" busy={adding.isPending}>{t('passkeys.add')}</Button></Actions>
    </SectionForm>
  )
}

function Renaming({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [name, setName] = useState(passkey.name)
  const renaming = useMutation({
    mutationFn: () => answer(api.PATCH('/api/v1/me/passkeys/{id}', { params: { path: { id: passkey.id } }, body: { name: name.trim() } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: passkeys.queryKey })
      onClose()
    },
  })
  const problem = useFieldProblem(renaming.error)('name')
  return (
    <Dialog title={t('passkeys.rename', { name: passkey.name })} onClose={onClose}>
      <SectionForm label={t('passkeys.rename', { name: passkey.name })} onSubmit={() => renaming.mutate()}>
        {renaming.isError && problem === null && <ProblemNotice problem={renaming.error} />}
        <Field focused label={t('passkeys.name')} problem={problem} required maxLength={64} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        <Actions><Button type="submit" look="primary" busy={renaming.isPending}>{t('common.save')}</Button></Actions>
      </SectionForm>
    </Dialog>
  )
}

function Removal({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const removing = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/me/passkeys/{id}', { params: { path: { id: passkey.id } } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['settings'] })
      onClose()
    },
  })
  return (
    <Confirm title={t('passkeys.removeTitle')} action={t('passkeys.removeAction')} busy={removing.isPending} problem={removing.error} onConfirm={() => removing.mutate()} onClose={onClose}>
      {t('passkeys.removeText', { name: passkey.name })}
    </Confirm>
  )
}
