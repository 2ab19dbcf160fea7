import { expect, it } from 'vitest'
import { audioOf, inNameOrder } from './files'

it('puts files in the order a person would', () => {
  const names = ['10 End.flac', '2 Middle.flac', '1 Start.flac'].map((name) => ({ name }))
  expect(inNameOrder(names).map(({ name }) => name)).toEqual(['1 Start.flac', '2 Middle.flac', '10 End.flac'])
})

it('keeps the discs of a folder one behind the other', () => {
  const paths = ['Box/CD 2/1 a.flac', 'Box/CD 1/2 b.flac', 'Box/CD 10/1 d.flac', 'Box/CD 1/1 c.flac']
  const files = paths.map((path) => ({ name: path.split('/').pop() ?? '', webkitRelativePath: path }))
  expect(inNameOrder(files).map((file) => file.name)).toEqual(['1 c.flac', '2 b.flac', '1 a.flac', '1 d.flac'])
})

it('takes the music out of a folder and leaves the rest', () => {
  const names = ['1.FLAC', 'cover.jpg', '.DS_Store', '._1.flac', 'notes.txt', '2.wav'].map((name) => ({ name }))
  expect(audioOf(names).map(({ name }) => name)).toEqual(['1.FLAC', '2.wav'])
})
