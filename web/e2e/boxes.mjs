// The boxes of our segments as another program reads them (mp4box.js): every length, time and offset must be what it says,
// in each codec; and whatever is broken on purpose must be found, or the check would say nothing.
import { createFile, Log } from 'mp4box'

const { LEGATO_E2E_HLS: master, LEGATO_E2E_SECONDS: seconds } = process.env
const codecs = {
  opus: { entry: 'Opus', timescale: 48_000, packet: 960 },
  flac: { entry: 'fLaC', timescale: 48_000, packet: 4_096 },
}
// What is wrong, the check says; this reader complains of each dfLa besides, which it reads twice.
Log.setLogLevel(Log.LOG_LEVEL_ERROR + 1)

for (const [name, codec] of Object.entries(codecs)) {
  const stream = await fetchStream(name)
  const told = check(stream, codec)
  for (const [what, breaks] of Object.entries(breakages(codec))) {
    const broken = breaks(structuredClone(stream))
    if (sound(broken, codec)) throw new Error(`${name}: nobody noticed ${what}`)
  }
  console.log(`ok   ${name}: ${told}`)
}

function sound(stream, codec) {
  try {
    check(stream, codec)
    return true
  } catch {
    return false
  }
}

async function lines(url) {
  return (await (await fetch(url)).text()).split('\n')
}

async function fetchStream(codec) {
  const media = (await lines(master)).find((line) => line.startsWith(`${codec}_cmaf`))
  const url = new URL(media, master)
  const playlist = await lines(url)
  const bytes = async (name) => new Uint8Array(await (await fetch(new URL(name, url))).arrayBuffer())
  const lengths = playlist.filter((line) => line.startsWith('#EXTINF:')).map((line) => Number.parseFloat(line.slice(8)))
  const names = playlist.filter((line) => line.endsWith('.m4s'))
  return { init: await bytes('init.mp4'), segments: await Promise.all(names.map(bytes)), lengths }
}

/** Throws where something is not as the standards have it (ISO/IEC 14496-12, 23000-19), or not as the playlist says. */
function check({ init, segments, lengths }, codec) {
  const preSkip = checkInit(boxesOf(init), codec)
  let time = 0
  for (const [index, segment] of segments.entries()) {
    const duration = checkSegment(boxesOf(init, segment), segment, { ...codec, sequence: index + 1, time, isLast: index === segments.length - 1 })
    const heard = duration - (index === 0 ? preSkip : 0)
    const apart = Math.abs(lengths[index] * codec.timescale - heard)
    // The playlist counts in microseconds, and may leave the pre-skip in the first segment.
    if (apart > 1 && Math.abs(apart - preSkip) > 1) throw new Error(`segment ${index} lasts ${heard}, not ${lengths[index]} s`)
    time += duration
  }
  equal('the whole', time - preSkip, Math.round(Number(seconds) * codec.timescale))
  return `${segments.length} segments, ${time} samples, pre-skip ${preSkip}`
}

/** All boxes of an init segment, or those of a media segment behind one. */
function boxesOf(init, segment) {
  const file = createFile()
  let fault = null
  file.onError = (_module, message) => { fault = message }
  const whole = segment ? new Uint8Array([...init, ...segment]) : init
  const buffer = whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length)
  buffer.fileStart = 0
  file.appendBuffer(buffer)
  file.flush()
  if (fault) throw new Error(fault)
  equal('the boxes together', file.boxes.reduce((sum, box) => sum + box.size, 0), whole.length)
  file.boxes.forEach(checkTree)
  const from = segment ? init.length : 0
  return file.boxes.filter((box) => box.start >= from)
}

/** Every box is one that the reader knows, and children fill their parent. */
function checkTree(box) {
  if (box.box_name === undefined) throw new Error(`an unknown box ${box.type}`)
  if (!['moov', 'trak', 'mdia', 'minf', 'dinf', 'stbl', 'mvex', 'edts', 'moof', 'traf'].includes(box.type)) return
  equal(`what is in ${box.type}`, box.boxes.reduce((sum, child) => sum + child.size, box.hdr_size), box.size)
  box.boxes.forEach(checkTree)
}

function checkInit(boxes, { entry, timescale, packet }) {
  equal('the init segment', types(boxes), 'ftyp moov')
  const [{ compatible_brands: brands }, moov] = boxes
  if (!brands.includes('cmfc')) throw new Error(`no CMAF among ${brands}`)
  equal('the tracks', moov.traks.length, 1)
  const [{ tkhd, mdia, edts }] = moov.traks
  equal('the handler', mdia.hdlr.handler, 'soun')
  equal('the time scale', mdia.mdhd.timescale, timescale)
  const { stsd, stts, stsc, stsz, stco } = mdia.minf.stbl
  for (const table of [stts.sample_counts, stsc.first_chunk, stsz.sample_sizes, stco.chunk_offsets]) equal('samples in moov', table.length, 0)
  equal('the entries', stsd.entries.map(({ type }) => type).join(), entry)
  const [{ channel_count: channels, samplerate, dOps }] = stsd.entries
  equal('the rate', samplerate, timescale)
  const [trex] = moov.mvex.trexs
  equal('the track', trex.track_id, tkhd.track_id)
  equal('the packet', trex.default_sample_duration, packet)
  if (!dOps) return 0
  equal('the channels', dOps.OutputChannelCount, channels)
  equal('the input rate', dOps.InputSampleRate, 48_000)
  const [edit] = edts.elst.entries
  equal('the edit', edit.media_time, dOps.PreSkip)
  return dOps.PreSkip
}

/** How many samples it has. */
function checkSegment(boxes, bytes, { timescale, packet, sequence, time, isLast }) {
  equal('a segment', types(boxes), 'moof mdat')
  const [moof, mdat] = boxes
  equal('the sequence', moof.mfhd.sequence_number, sequence)
  const [{ tfhd, tfdt, truns }] = moof.trafs
  equal('the runs', truns.length, 1)
  const [run] = truns
  // default-base-is-moof
  if ((tfhd.flags & 0x2_0000) === 0) throw new Error('offsets are counted from elsewhere')
  equal('the time', tfdt.baseMediaDecodeTime, time)
  equal('the offset', run.data_offset, moof.size + mdat.hdr_size)
  equal('the samples', run.sample_size.reduce((sum, size) => sum + size, 0), mdat.size - mdat.hdr_size)
  equal('the segment', moof.size + mdat.size, bytes.length)
  const durations = run.sample_size.map((_, index) => run.sample_duration[index] ?? tfhd.default_sample_duration)
  const short = durations.findIndex((duration) => duration !== packet)
  if (short >= 0 && !(isLast && short === durations.length - 1 && durations[short] < packet)) throw new Error(`packet ${short} lasts ${durations[short]}`)
  const duration = durations.reduce((sum, each) => sum + each, 0)
  if (!isLast && duration < 1.9 * timescale) throw new Error(`a segment of ${duration} samples`)
  return duration
}

/** Adds one to a byte of the second segment, so far behind a box' name. */
function add(name, behind) {
  return (stream) => {
    const [, second] = stream.segments
    second[find(second, name) + behind] += 1
    return stream
  }
}

/** Ways to break a stream. */
function breakages({ entry }) {
  return {
    'a wrong time': add('tfdt', 15),
    'a wrong sequence': add('mfhd', 11),
    'a wrong offset': add('trun', 15),
    'a wrong size of a packet': add('trun', 19),
    'a wrong size of a box': add('traf', -1),
    'a count that is too high': add('trun', 11),
    'an end that is cut off': ({ segments, ...rest }) => ({ ...rest, segments: segments.with(1, segments[1].slice(0, -1)) }),
    'a segment that is missing': ({ segments, lengths, ...rest }) => ({ ...rest, segments: segments.toSpliced(1, 1), lengths: lengths.toSpliced(1, 1) }),
    'segments in another order': ({ segments, ...rest }) => ({ ...rest, segments: segments.with(0, segments[1]).with(1, segments[0]) }),
    'another codec': ({ init, ...rest }) => {
      init[find(init, entry)] = 'X'.charCodeAt(0)
      return { ...rest, init }
    },
    'a track of another number': ({ init, ...rest }) => {
      init[find(init, 'trex') + 11] += 1
      return { ...rest, init }
    },
  }
}

/** Where a box' name stands. */
function find(bytes, name) {
  const at = bytes.findIndex((_, index) => [...name].every((letter, offset) => bytes[index + offset] === letter.charCodeAt(0)))
  if (at < 0) throw new Error(`no ${name}`)
  return at
}

function types(boxes) {
  return boxes.map(({ type }) => type).join(' ')
}

function equal(what, found, expected) {
  if (found !== expected) throw new Error(`${what}: ${found}, not ${expected}`)
}
