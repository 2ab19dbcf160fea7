import { create } from 'zustand'
import { next, previous, seekBy, setVolume, toggle, toggleMute, usePlayer } from './player'

export interface KeyPress {
  key: string
  shiftKey: boolean
}

export type Command = 'toggle' | 'back' | 'ahead' | 'louder' | 'softer' | 'mute' | 'next' | 'previous' | 'search' | 'help'

/** The keys shown in the help, in its order. */
export const shortcuts: readonly { keys: readonly string[]; command: Command }[] = [
  { keys: ['Space'], command: 'toggle' },
  { keys: ['←'], command: 'back' },
  { keys: ['→'], command: 'ahead' },
  { keys: ['N', 'J'], command: 'next' },
  { keys: ['P', 'K'], command: 'previous' },
  { keys: ['⇧ ↑'], command: 'louder' },
  { keys: ['⇧ ↓'], command: 'softer' },
  { keys: ['M'], command: 'mute' },
  { keys: ['/'], command: 'search' },
  { keys: ['?'], command: 'help' },
]

/** What a key asks for; arrows up and down belong to scrolling unless shift is held. */
export function commandOf({ key, shiftKey }: KeyPress): Command | null {
  if (shiftKey && key === 'ArrowUp') return 'louder'
  if (shiftKey && key === 'ArrowDown') return 'softer'
  return plain.get(key.length === 1 ? key.toLowerCase() : key) ?? null
}

const plain = new Map<string, Command>([
  [' ', 'toggle'], ['ArrowLeft', 'back'], ['ArrowRight', 'ahead'], ['n', 'next'], ['j', 'next'], ['p', 'previous'], ['k', 'previous'],
  ['m', 'mute'], ['/', 'search'], ['?', 'help'],
])

/** Whether the help is open. */
export const useShortcutHelp = create<{ open: boolean }>(() => ({ open: false }))

/** Obeys the keys everywhere but where they mean something else. */
export function followKeys(): void {
  window.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const command = commandOf(event)
    if (command === null || taken(event.target, event.key)) return
    event.preventDefault()
    run(command)
  })
}

/** Typing belongs to fields, space and arrows to the controls that use them. */
function taken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('input, textarea, select, [contenteditable="true"], dialog, [role="menu"]')) return true
  if (key === ' ') return target.closest('button, [role="button"], summary') !== null
  return key.startsWith('Arrow') && target.closest('[role="slider"], [role="listbox"]') !== null
}

function run(command: Command): void {
  const { volume } = usePlayer.getState()
  switch (command) {
    case 'toggle': return toggle()
    case 'back': return seekBy(-5000)
    case 'ahead': return seekBy(5000)
    case 'louder': return setVolume(volume + 0.05)
    case 'softer': return setVolume(volume - 0.05)
    case 'mute': return toggleMute()
    case 'next': return next()
    case 'previous': return previous()
    case 'search': return document.querySelector<HTMLInputElement>('[data-search]')?.focus()
    case 'help': return useShortcutHelp.setState({ open: true })
  }
}
