import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../../api/client'
import type { Me } from '../../../api/types'
import { Avatar } from '../../../ui/Avatar'
import { Button } from '../../../ui/Button'
import { ProblemNotice } from '../../../ui/Notice'
import { refetchMe } from '../session'

/** The picture beside one's name. The server crops it to a square. */
export function Picture({ me }: { me: Me }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const changing = useMutation({
    mutationFn: async (file: File | null) => {
      if (file) await answer<unknown>(api.PUT('/api/v1/me/picture', { body: file as unknown as number[], bodySerializer: (body) => body, headers: { 'Content-Type': file.type || 'application/octet-stream' } }))
      else await answer<unknown>(api.DELETE('/api/v1/me/picture'))
      await refetchMe()
    },
  })
  return (
    <div className="flex flex-col gap-4">
      {changing.isError && <ProblemNotice problem={changing.error} />}
      <div className="flex flex-wrap items-center gap-4">
        <Avatar name={me.display_name} picture={me.picture_url} className="size-24 text-4xl" />
        <div className="flex min-w-0 flex-1 basis-56 flex-col gap-2">
          <div className="flex flex-wrap gap-3">
            <Button icon="upload" busy={changing.isPending} onClick={() => input.current?.click()}>{t(me.picture_url ? 'profile.changePicture' : 'profile.addPicture')}</Button>
            {me.picture_url && <Button look="plain" disabled={changing.isPending} onClick={() => changing.mutate(null)}>{t('profile.removePicture')}</Button>}
          </div>
          <p className="text-sm text-soft">{t('profile.pictureHint')}</p>
        </div>
        <input
          ref={input}
          type="file"
          accept="image/jpeg,image/png,image/webp,image/avif"
          aria-label={t('profile.picture')}
          className="hidden"
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = ''
            if (file) changing.mutate(file)
          }}
        />
      </div>
    </div>
  )
}
