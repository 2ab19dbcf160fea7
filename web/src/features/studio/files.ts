/** What the server may take as a track, by its name; what else lies in a folder is left where it is. */
export const AUDIO = ['.wav', '.aif', '.aiff', '.caf', '.flac', '.m4a', '.aac', '.mp3', '.ogg', '.opus', '.webm', '.mka']

/** The audio files among what was dropped, those in folders and their folders too. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  // The entries have to be asked for before the first pause: then the transfer is empty.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry())
  if (entries.every((entry) => !entry?.isDirectory)) return [...transfer.files]
  const found = await Promise.all(entries.map((entry) => (entry ? filesIn(entry) : [])))
  return audioOf(found.flat())
}

/** Of a folder's files those that are audio. One that a person picked by itself is never left out. */
export function audioOf<F extends { name: string }>(files: readonly F[]): F[] {
  return files.filter(({ name }) => !name.startsWith('.') && AUDIO.some((ending) => name.toLowerCase().endsWith(ending)))
}

/** Where a file lies below what was chosen; its name where it was chosen itself. */
export function pathOf(file: { name: string; webkitRelativePath?: string }): string {
  return file.webkitRelativePath || file.name
}

/** By folder and name; `2 …` comes before `10 …`. */
export function inNameOrder<F extends { name: string; webkitRelativePath?: string }>(files: readonly F[]): F[] {
  const order = new Intl.Collator(undefined, { numeric: true })
  return files.toSorted((a, b) => order.compare(pathOf(a), pathOf(b)))
}

async function filesIn(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await fileOf(entry as FileSystemFileEntry)]
  return filesFrom((entry as FileSystemDirectoryEntry).createReader())
}

/** A folder hands out a hundred entries at a time, and none at its end. */
async function filesFrom(reader: FileSystemDirectoryReader): Promise<File[]> {
  const entries = await entriesOf(reader)
  if (entries.length === 0) return []
  const files = (await Promise.all(entries.map(filesIn))).flat()
  return [...files, ...(await filesFrom(reader))]
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file((file) => resolve(Object.defineProperty(file, 'webkitRelativePath', { value: entry.fullPath.slice(1) })), reject)
  })
}

function entriesOf(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}
