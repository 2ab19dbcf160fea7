import { expect, it } from 'vitest'
import { gather } from './bars'

it('keeps the loudest of each share', () => expect(gather([0, 255, 51, 0], 2)).toEqual([1, 0.2]))
it('repeats peaks where there are more bars', () => expect(gather([255, 0], 4)).toEqual([1, 1, 0, 0]))
it('is flat without peaks', () => expect(gather([], 3)).toEqual([0, 0, 0]))
