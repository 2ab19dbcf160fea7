import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type DragEvent } from 'react'
import { answer, api } from '../../api/client'
import type { Release } from '../../api/types'
import { ProblemNotice } from '../../ui/Notice'
import { releaseQuery } from '../artists/queries'
import { moved } from './editing/CreditRows'
import { TrackCard } from './TrackCard'

/** What a dragged track is known by, so that a file is never taken for one. */
const KIND = 'application/x-legato-track'

/** The tracks in their order. One can be dragged by its number to another place; the arrows do the same by key. */
export function TrackList({ release }: { release: Release }) {
  const client = useQueryClient()
  const { queryKey } = releaseQuery(release.id)
  const [over, setOver] = useState<string | null>(null)
  const moving = useMutation({
    mutationFn: ({ id, position }: { id: string; position: number }) => answer(api.PATCH('/api/v1/tracks/{id}', { params: { path: { id } }, body: { position } })),
    // It lies where it was dropped, and goes back where that was refused.
    onMutate: ({ id, position }) => {
      const from = release.tracks.findIndex((track) => track.id === id)
      const tracks = moved(release.tracks, from, position - 1)
      client.setQueryData(queryKey, { ...release, tracks })
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  const drop = (event: DragEvent, position: number) => {
    const id = event.dataTransfer.getData(KIND)
    setOver(null)
    if (!release.tracks.some((track) => track.id === id && track.position !== position)) return
    event.preventDefault()
    moving.mutate({ id, position })
  }
  return (
    <>
      {moving.isError && <ProblemNotice problem={moving.error} className="mb-4" />}
      <ol className="mb-4 flex flex-col gap-3">
        {release.tracks.map((track, index) => (
          <TrackCard
            key={track.id}
            track={track}
            index={index}
            count={release.tracks.length}
            isTarget={over === track.id}
            drag={{
              onDragStart: (event) => {
                event.dataTransfer.setData(KIND, track.id)
                event.dataTransfer.effectAllowed = 'move'
              },
              onDragOver: (event) => {
                if (!event.dataTransfer.types.includes(KIND)) return
                event.preventDefault()
                setOver(track.id)
              },
              onDragLeave: () => setOver(null),
              onDrop: (event) => drop(event, index + 1),
            }}
          />
        ))}
      </ol>
    </>
  )
}
