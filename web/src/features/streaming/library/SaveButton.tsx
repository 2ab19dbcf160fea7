import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ReleaseSummary } from '../../../api/types'
import { answer, api } from '../../../api/client'
import { useProblemText } from '../../../i18n/problemText'
import { Button } from '../../../ui/Button'
import { showToast } from '../../../ui/toasts'
import { useMe } from '../../accounts/session'
import { savedOf } from './queries'

/** Keeps a release in the library, or lets it go; for those who are signed in. */
export function SaveButton({ release }: { release: Pick<ReleaseSummary, 'id'> }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const me = useMe()
  const problemText = useProblemText()
  const query = savedOf(release.id)
  const saved = useQuery({ ...query, enabled: Boolean(me.data) }).data
  const saving = useMutation({
    mutationFn: (save: boolean) => {
      const where = { params: { path: { id: release.id } } }
      return answer(save ? api.PUT('/api/v1/me/library/releases/{id}', where) : api.DELETE('/api/v1/me/library/releases/{id}', where))
    },
    onSuccess: (_, save) => {
      client.setQueryData(query.queryKey, save)
      return client.invalidateQueries({ queryKey: ['library', 'releases'] })
    },
    onError: (problem) => showToast({ title: problemText(problem) }),
  })
  if (!me.data || saved === undefined) return null
  return (
    <Button icon={saved ? 'check' : 'plus'} busy={saving.isPending} onClick={() => saving.mutate(!saved)} className="h-12">
      {saved ? t('library.saved') : t('library.save')}
    </Button>
  )
}
