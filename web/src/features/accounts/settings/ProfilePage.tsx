import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Me } from '../../../api/types'
import { choose, languages } from '../../../i18n'
import { useFieldProblem } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { Choice, Field } from '../../../ui/Field'
import { ProblemNotice } from '../../../ui/Notice'
import { showToast } from '../../../ui/toasts'
import { showMe } from '../session'
import { PageTitle } from './PageTitle'
import { Picture } from './Picture'
import { Actions, Section, SectionForm } from './Section'

/** How an account appears to others, and how it is spoken to. */
export function ProfilePage({ me }: { me: Me }) {
  const { t } = useTranslation()
  return (
    <>
      <PageTitle page="profile" />
      <Section title={t('profile.title')} lead={t('profile.lead')}>
        <Picture me={me} />
        <Name me={me} />
      </Section>
      <Section title={t('accounts.handle')} lead={t('profile.handleLead')}><HandleForm me={me} /></Section>
      <Section title={t('profile.localTitle')} lead={t('profile.localLead')}><Local me={me} /></Section>
    </>
  )
}

function Name({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [name, setName] = useState(me.display_name)
  const saving = useSaving((display_name: string) => answer(api.PATCH('/api/v1/me', { body: { display_name } })))
  const problem = useFieldProblem(saving.error)('display_name')
  return (
    <SectionForm label={t('profile.name')} onSubmit={() => saving.mutate(name.trim())}>
      {saving.isError && problem === null && <ProblemNotice problem={saving.error} />}
      <Field label={t('profile.name')} hint={t('profile.nameHint')} problem={problem} required maxLength={64} autoComplete="nickname" value={name} onChange={(event) => setName(event.target.value)} />
      <Actions><Button type="submit" busy={saving.isPending} disabled={name.trim() === me.display_name}>{t('common.save')}</Button></Actions>
    </SectionForm>
  )
}

function HandleForm({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [handle, setHandle] = useState(me.handle)
  const saving = useSaving((wanted: string) => answer(api.PUT('/api/v1/me/handle', { body: { handle: wanted } })))
  const problem = useFieldProblem(saving.error)('handle')
  return (
    <SectionForm label={t('accounts.handle')} onSubmit={() => saving.mutate(handle.trim())}>
      {saving.isError && problem === null && <ProblemNotice problem={saving.error} />}
      <Field label={t('accounts.handle')} hint={t('accounts.handleHint')} problem={problem} required maxLength={32} autoComplete="username" autoCapitalize="none" spellCheck={false} value={handle} onChange={(event) => setHandle(event.target.value)} />
      <Actions><Button type="submit" busy={saving.isPending} disabled={handle.trim().toLowerCase() === me.handle}>{t('profile.changeHandle')}</Button></Actions>
    </SectionForm>
  )
}

const here = new Intl.DateTimeFormat().resolvedOptions().timeZone
/** The browser's list lacks the one that servers like best. */
const zones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

function Local({ me }: { me: Me }) {
  const { t } = useTranslation()
  const [language, setLanguage] = useState(me.language)
  const [time_zone, setZone] = useState(me.time_zone)
  const saving = useSaving(async () => {
    const saved = await answer(api.PATCH('/api/v1/me', { body: { language, time_zone } }))
    await choose(language)
    return saved
  })
  const known = zones.includes(time_zone) ? zones : [time_zone, ...zones]
  return (
    <SectionForm label={t('profile.localTitle')} onSubmit={() => saving.mutate('')}>
      {saving.isError && <ProblemNotice problem={saving.error} />}
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Choice label={t('footer.language')} value={language} onChange={(event) => setLanguage(event.target.value as Me['language'])} options={Object.entries(languages).map(([value, label]) => ({ value, label }))} />
        <Choice label={t('profile.zone')} value={time_zone} onChange={(event) => setZone(event.target.value)} options={known.map((value) => ({ value, label: value.replaceAll('_', ' ') }))} />
      </div>
      <Actions>
        <Button type="submit" busy={saving.isPending} disabled={language === me.language && time_zone === me.time_zone}>{t('common.save')}</Button>
        {time_zone !== here && <Button look="plain" onClick={() => setZone(here)}>{t('profile.zoneHere', { zone: here.replaceAll('_', ' ') })}</Button>}
      </Actions>
    </SectionForm>
  )
}

/** Saves a part of the profile, shows what the server made of it, and says so. */
function useSaving(save: (value: string) => Promise<Me>) {
  const { t } = useTranslation()
  return useMutation({
    mutationFn: save,
    onSuccess: (me) => {
      showMe(me)
      showToast({ title: t('settings.saved') })
    },
  })
}
