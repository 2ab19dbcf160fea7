import { expect, it } from 'vitest'
import { inNameOrder } from './uploads'

it('puts files in the order a person would', () => {
  const names = ['10 End.flac', '2 Middle.flac', '1 Start.flac'].map((name) => ({ name }))
  expect(inNameOrder(names).map(({ name }) => name)).toEqual(['1 Start.flac', '2 Middle.flac', '10 End.flac'])
})
