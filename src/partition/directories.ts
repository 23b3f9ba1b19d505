// The partition directories of one log directory: whose each is, which are put aside and which go.
// A directory is only as good as the topic id in it: after a crash between the commit of a deletion
// and its rename, the name of a re-created topic still leads to the records of the old one.
// Knows no log; the names are Apache Kafka's (`-delete`, `-stray`).
import type { Clock } from '../../base/clock.ts'
import type { Random } from '../../base/random.ts'
import type { Uuid } from '../../base/uuid.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import { join } from '../../storage/fs/path.ts'
import { readPartitionMetadata } from '../../storage/identity.ts'
import { METADATA_DIRECTORY } from '../controller/format.ts'
import {
  parsePartitionDirectory,
  removeDirectoryStep,
  renameForRemoval,
  renameToStray,
} from '../../storage/removal.ts'
import { LOG_SUFFIX } from '../../storage/segment-file.ts'

export interface DirectoriesOptions {
  readonly fs: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly directory: string
  /** One line for the log. */
  note(level: 'info' | 'warn' | 'error', line: string): void
}

/** Files removed at the end of one slice of the background removal. */
const FILES_PER_SLICE = 50

export class PartitionDirectories {
  readonly #options: DirectoriesOptions
  readonly #toRemove: string[] = []
  #removalScheduled = false
  #state: 'open' | 'closed' = 'open'

  constructor(options: DirectoriesOptions) {
    this.#options = options
  }

  pathOf(topic: string, index: number): string {
    return join(this.#options.directory, `${topic}-${index}`)
  }

  /** Whether the partition's directory is there; one of another topic of that name is put aside
   * first. Throws what the file system throws. */
  claim(topic: string, index: number, topicId: Uuid): 'found' | 'missing' {
    const { fs } = this.#options
    const path = this.pathOf(topic, index)
    if (fs.stat(path) === undefined) return 'missing'
    const owner = readPartitionMetadata(fs, path)
    if (owner === topicId) return 'found'
    // A start that ended between the directory's making and its first file left nothing to lose.
    if (owner === undefined && !fs.readdir(path).some((name) => name.endsWith(LOG_SUFFIX))) {
      return 'found'
    }
    const whose = owner === undefined || owner === null ? 'an unknown topic' : `topic id ${owner}`
    this.#putAside(path, `it holds records of ${whose}, ${topic} is ${topicId}`)
    return 'missing'
  }

  /** Renames the partition's directory, if there is one, and removes it in the background. */
  remove(topic: string, index: number): void {
    const { fs, random } = this.#options
    const path = this.pathOf(topic, index)
    try {
      if (fs.stat(path) === undefined) return
      this.#toRemove.push(renameForRemoval(fs, path, uniqueId(random)))
    } catch (error) {
      // Its topic id keeps it from being served; the next start puts it aside.
      this.#options.note('error', `${path} could not be removed: ${String(error)}`)
    }
    this.#scheduleRemoval()
  }

  /** At start: goes on with removals that an earlier process began, and puts aside what belongs
   * to no topic (`isKnown`). */
  settle(isKnown: (topic: string, index: number) => boolean): void {
    const { fs, directory } = this.#options
    for (const name of fs.readdir(directory)) {
      const found = parsePartitionDirectory(name)
      if (found === undefined || name === METADATA_DIRECTORY) continue
      const path = join(directory, name)
      if (found.state === 'delete') this.#toRemove.push(path)
      else if (found.state === 'live' && !isKnown(found.topic, found.partition)) {
        this.#putAside(path, 'it belongs to no topic of this cluster')
      }
    }
    this.#scheduleRemoval()
  }

  close(): void {
    this.#state = 'closed'
  }

  #putAside(path: string, why: string): void {
    const { fs, random } = this.#options
    const target = renameToStray(fs, path, uniqueId(random))
    this.#options.note('warn', `${path} was renamed to ${target}: ${why}`)
  }

  #scheduleRemoval(): void {
    if (this.#removalScheduled || this.#toRemove.length === 0) return
    this.#removalScheduled = true
    this.#options.clock.endOfTurn(() => {
      this.#removalScheduled = false
      if (this.#state === 'closed') return
      this.#removeSome()
      this.#scheduleRemoval()
    })
  }

  #removeSome(): void {
    const next = this.#toRemove.at(-1)
    if (next === undefined) return
    try {
      if (!removeDirectoryStep(this.#options.fs, next, FILES_PER_SLICE)) return
    } catch (error) {
      // The next start tries again.
      this.#options.note('warn', `${next} could not be removed: ${String(error)}`)
    }
    this.#toRemove.pop()
  }
}

function uniqueId(random: Random): string {
  return Buffer.from(random.bytes(16)).toString('hex')
}
