import { expect, it } from 'vitest'
import { money } from './money'

it('shows an exact amount to the cent', () => {
  expect(money({ currency: 'USD', amount: '12.4999999999' }, 'en')).toBe('$12.50')
  expect(money({ currency: 'EUR', amount: '-0.69' }, 'en')).toBe('-€0.69')
  expect(money({ currency: 'USD', amount: '90071992547409931.01' }, 'en')).toBe('$90,071,992,547,409,931.01')
  expect(money({ currency: 'JPY', amount: '250' }, 'en')).toBe('¥250')
})
