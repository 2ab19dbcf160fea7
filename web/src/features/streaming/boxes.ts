/** What the player reads and writes in the boxes (ISO/IEC 14496-12) of the server's segments. */

interface Box {
  /** Where its content begins and ends. */
  from: number
  to: number
}

/** The first box at the end of a path of names, such as `moof/traf/trun`. */
function find(view: DataView, path: string): Box | null {
  let within: Box = { from: 0, to: view.byteLength }
  for (const name of path.split('/')) {
    const box = child(view, within, name)
    if (box === null) return null
    within = box
  }
  return within
}

function child(view: DataView, { from, to }: Box, name: string): Box | null {
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at)
    const end = at + size
    if (size < 8 || end > to) return null
    const found = String.fromCharCode(...[4, 5, 6, 7].map((byte) => view.getUint8(at + byte)))
    if (found === name) return { from: at + 8, to: end }
    at = end
  }
  return null
}

export interface Clock {
  timescaleHz: number
  /** Samples before the music, which the edit list takes off. */
  preSkip: number
}

/** How an init segment counts time. */
export function clockOf(init: ArrayBuffer): Clock {
  const view = new DataView(init)
  const header = find(view, 'moov/trak/mdia/mdhd')
  if (header === null) throw new Error('an init segment without mdhd')
  const timescaleHz = view.getUint32(header.from + (view.getUint8(header.from) === 1 ? 20 : 12))
  const edits = find(view, 'moov/trak/edts/elst')
  if (edits === null) return { timescaleHz, preSkip: 0 }
  const preSkip = view.getUint8(edits.from) === 1 ? Number(view.getBigInt64(edits.from + 16)) : view.getInt32(edits.from + 12)
  return { timescaleHz, preSkip: Math.max(0, preSkip) }
}

/** When a segment's first packet is decoded, in the clock of its track. */
export function decodeTimeOf(segment: ArrayBuffer): number {
  const view = new DataView(segment)
  const time = find(view, 'moof/traf/tfdt')
  if (time === null) throw new Error('a segment without tfdt')
  return view.getUint8(time.from) === 1 ? Number(view.getBigUint64(time.from + 4)) : view.getUint32(time.from + 4)
}

/**
 * Gives the last packet of a segment its whole duration back, in place. Stored is what of it is music, but a browser plays
 * all that it holds, and cuts it only where a window of the buffer does.
 */
export function wholeLastPacket(segment: ArrayBuffer): void {
  const view = new DataView(segment)
  const [header, run] = [find(view, 'moof/traf/tfhd'), find(view, 'moof/traf/trun')]
  if (header === null || run === null) return
  const has = (box: Box, flag: number) => (view.getUint32(box.from) & flag) !== 0
  if (!has(header, 0x08) || !has(run, 0x1_00)) return
  const usual = view.getUint32(header.from + 8 + (has(header, 0x01) ? 8 : 0) + (has(header, 0x02) ? 4 : 0))
  const first = run.from + 8 + (has(run, 0x01) ? 4 : 0) + (has(run, 0x04) ? 4 : 0)
  const entry = [0x1_00, 0x2_00, 0x4_00, 0x8_00].filter((flag) => has(run, flag)).length * 4
  const last = first + (view.getUint32(run.from + 4) - 1) * entry
  if (last >= first && last + entry <= run.to) view.setUint32(last, usual)
}
