import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { answer, api } from '../../api/client'
import type { Artist } from '../../api/types'
import { useProblemText } from '../../i18n/problemText'
import { Button } from '../../ui/Button'
import { showToast } from '../../ui/toasts'
import { useMe } from '../accounts/session'
import { artistQuery } from './queries'

/** Follows or lets go at once; what the server refuses is put back as it was. */
export function FollowButton({ artist }: { artist: Artist }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const me = useMe()
  const problemText = useProblemText()
  const key = artistQuery(artist.slug).queryKey
  const following = useMutation({
    mutationFn: (follow: boolean) => {
      const where = { params: { path: { id: artist.id } } }
      return answer(follow ? api.PUT('/api/v1/artists/{id}/following', where) : api.DELETE('/api/v1/artists/{id}/following', where))
    },
    onMutate: async (follow) => {
      await client.cancelQueries({ queryKey: key })
      client.setQueryData(key, (known) => known && { ...known, following: follow, follower_count: known.follower_count + (follow ? 1 : -1) })
    },
    onError: (problem) => {
      client.setQueryData(key, artist)
      showToast({ title: problemText(problem) })
    },
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  })
  const press = () => {
    if (me.data === null) void navigate(`/sign-in?next=${encodeURIComponent(`/artists/${artist.slug}`)}`)
    else following.mutate(!artist.following)
  }
  return (
    <Button look={artist.following ? 'quiet' : 'primary'} icon={artist.following ? 'check' : 'plus'} disabled={following.isPending} onClick={press}>
      {artist.following ? t('artist.following') : t('artist.follow')}
    </Button>
  )
}
