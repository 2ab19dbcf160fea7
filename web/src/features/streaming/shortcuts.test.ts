import { expect, it } from 'vitest'
import { commandOf } from './shortcuts'

it.each([[' ', 'toggle'], ['N', 'next'], ['j', 'next'], ['p', 'previous'], ['k', 'previous'], ['ArrowLeft', 'back'], ['ArrowRight', 'ahead'], ['?', 'help'], ['/', 'search'], ['m', 'mute']])('%j is %s', (key, command) =>
  expect(commandOf({ key, shiftKey: false })).toBe(command))

it('leaves scrolling alone', () => {
  expect(commandOf({ key: 'ArrowUp', shiftKey: false })).toBeNull()
  expect(commandOf({ key: 'ArrowUp', shiftKey: true })).toBe('louder')
})

it.each(['Tab', 'Enter', 'x', 'constructor'])('knows nothing of %s', (key) => expect(commandOf({ key, shiftKey: false })).toBeNull())
