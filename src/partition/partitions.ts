// All partitions that this node leads, as the published metadata says: opens their logs, gives them
// new epochs and settings, ends and removes them. Owns the checkpoint files of the data directory
// and the background removal of deleted directories. Knows no request.
import type { Clock } from '../../base/clock.ts'
import type { Uuid } from '../../base/uuid.ts'
import type { Codecs } from '../../protocol/records/compression/codecs.ts'
import type { FileSystem } from '../../storage/fs/fs.ts'
import {
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_OFFSET_CHECKPOINT,
  type PartitionOffset,
  readOffsetCheckpoint,
  RECOVERY_POINT_CHECKPOINT,
  writeOffsetCheckpoint,
} from '../../storage/checkpoint.ts'
import type { Random } from '../../base/random.ts'
import type { LogReport } from '../../storage/log-failure.ts'
import { Log, type LogOptions } from '../../storage/log.ts'
import {
  parsePartitionDirectory,
  removeDirectoryStep,
  renameForRemoval,
} from '../../storage/removal.ts'
import type { TailCache } from '../../storage/tail-cache.ts'
import type { MetadataImage, TopicImage } from '../controller/image.ts'
import { Partition } from './partition.ts'
import type { PartitionSettings } from './settings.ts'

export interface PartitionsOptions {
  readonly fs: FileSystem
  readonly clock: Clock
  readonly random: Random
  readonly codecs: Codecs
  readonly tail: TailCache
  readonly producerIdExpirationMs: number
  readonly directory: string
  readonly nodeId: number
  /** The last stop wrote everything and said so. */
  readonly cleanShutdown: boolean
  settingsOf(image: MetadataImage, topic: string): TopicLimits
  /** One line for the log. */
  note(level: 'info' | 'warn' | 'error', line: string): void
}

/** What a topic's configuration means to its partitions and to their logs. */
export interface TopicLimits {
  readonly partition: PartitionSettings
  readonly log: LogOptions['limits']
}

/** What a newly published image changed, as far as partitions are concerned. */
export interface TopicsChange {
  readonly removed: readonly TopicImage[]
  /** Created, or with partitions whose leader, epoch or replicas changed. */
  readonly changed: readonly TopicImage[]
  readonly configured: ReadonlySet<string>
}

/** Files removed at the end of one slice of the background removal. */
const FILES_PER_SLICE = 50

export class Partitions {
  readonly #options: PartitionsOptions
  readonly #byTopic = new Map<string, (Partition | undefined)[]>()
  readonly #toRemove: string[] = []
  #removalScheduled = false
  #recoveryPoints = new Map<string, number>()
  #logStarts = new Map<string, number>()
  #state: 'open' | 'closed' = 'open'

  constructor(options: PartitionsOptions) {
    this.#options = options
    this.#recoveryPoints = this.#readCheckpoint(RECOVERY_POINT_CHECKPOINT)
    this.#logStarts = this.#readCheckpoint(LOG_START_OFFSET_CHECKPOINT)
  }

  get(topic: string, index: number): Partition | undefined {
    return this.#byTopic.get(topic)?.[index]
  }

  ofTopic(topic: string): Partition[] {
    return (this.#byTopic.get(topic) ?? []).filter((partition) => partition !== undefined)
  }

  *all(): IterableIterator<Partition> {
    for (const partitions of this.#byTopic.values()) {
      for (const partition of partitions) if (partition !== undefined) yield partition
    }
  }

  /** Makes the partitions what `image` says; deletions first, as their names may be used again. */
  publish(image: MetadataImage, change: TopicsChange): void {
    for (const topic of change.removed) this.#remove(topic)
    for (const topic of change.changed) this.#open(image, topic)
    for (const name of change.configured) this.#configure(image, name)
  }

  /** Takes up the removal of directories that an earlier process had renamed. */
  removeLeftovers(): void {
    const { fs, directory } = this.#options
    for (const name of fs.readdir(directory)) {
      const found = parsePartitionDirectory(name)
      if (found?.state === 'delete') this.#toRemove.push(`${directory}/${name}`)
    }
    this.#scheduleRemoval()
  }

  /** Writes the three offset checkpoints. */
  checkpoint(): void {
    const { fs, directory } = this.#options
    const rows = (value: (partition: Partition) => number): PartitionOffset[] =>
      Array.from(this.all(), (partition) => ({
        topic: partition.topic,
        partition: partition.index,
        offset: value(partition),
      }))
    writeOffsetCheckpoint(
      fs,
      `${directory}/${RECOVERY_POINT_CHECKPOINT}`,
      rows((p) => p.log.recoveryPoint),
    )
    writeOffsetCheckpoint(
      fs,
      `${directory}/${LOG_START_OFFSET_CHECKPOINT}`,
      rows((p) => p.log.logStartOffset),
    )
    writeOffsetCheckpoint(
      fs,
      `${directory}/${HIGH_WATERMARK_CHECKPOINT}`,
      rows((p) => p.highWatermark),
    )
  }

  /** Syncs and closes every log, then writes the checkpoints. True when all of it worked. */
  close(): boolean {
    if (this.#state === 'closed') return true
    this.#state = 'closed'
    let clean = true
    for (const partition of this.all()) {
      try {
        partition.log.close()
      } catch (error) {
        clean = false
        this.#options.note('error', `${partition.name} did not close: ${String(error)}`)
      }
    }
    this.checkpoint()
    return clean
  }

  #open(image: MetadataImage, topic: TopicImage): void {
    let partitions = this.#byTopic.get(topic.name)
    if (partitions === undefined) {
      partitions = []
      this.#byTopic.set(topic.name, partitions)
    }
    let limits: TopicLimits | undefined
    for (const { index, leader, leaderEpoch } of topic.partitions) {
      if (leader !== this.#options.nodeId) continue
      const known = partitions[index]
      if (known !== undefined) {
        known.becomeLeader(leaderEpoch)
        continue
      }
      limits ??= this.#options.settingsOf(image, topic.name)
      partitions[index] = this.#openPartition(
        { topic: topic.name, topicId: topic.id, index },
        leaderEpoch,
        limits,
      )
    }
  }

  #openPartition(
    identity: { topic: string; topicId: Uuid; index: number },
    leaderEpoch: number,
    limits: TopicLimits,
  ): Partition {
    const { fs, clock, random, codecs, tail, directory, cleanShutdown } = this.#options
    const name = `${identity.topic}-${identity.index}`
    const log = Log.open({
      fs,
      clock,
      random,
      tail,
      producerIdExpirationMs: this.#options.producerIdExpirationMs,
      report: (report) => this.#report(report),
      directory: `${directory}/${name}`,
      topicId: identity.topicId,
      limits: limits.log,
      cleanShutdown,
      recoveryPoint: this.#recoveryPoints.get(name) ?? 0,
      logStartOffset: this.#logStarts.get(name) ?? 0,
    })
    const now = (): number => clock.now()
    return new Partition(identity, log, { leaderEpoch, settings: limits.partition, codecs, now })
  }

  #report({ file, what, position, lostBytes }: LogReport): void {
    const where = position === undefined ? file : `${file} at byte ${position}`
    const lost = lostBytes === undefined ? '' : `, ${lostBytes} bytes cut off`
    this.#options.note('warn', `${what}: ${where}${lost}`)
  }

  #configure(image: MetadataImage, name: string): void {
    const partitions = this.#byTopic.get(name)
    if (partitions === undefined) return
    const limits = this.#options.settingsOf(image, name)
    for (const partition of partitions) {
      if (partition === undefined) continue
      partition.settings = limits.partition
      partition.log.configure(limits.log)
    }
  }

  /** The name is free when this returns: waiting requests are answered, directories renamed. */
  #remove(topic: TopicImage): void {
    const partitions = this.#byTopic.get(topic.name) ?? []
    this.#byTopic.delete(topic.name)
    const { fs, random, directory } = this.#options
    for (const partition of partitions) {
      if (partition === undefined) continue
      partition.markDeleted()
      const from = `${directory}/${partition.name}`
      this.#recoveryPoints.delete(partition.name)
      this.#logStarts.delete(partition.name)
      partition.log.abandon()
      if (fs.stat(from) === undefined) continue
      const uniqueId = Buffer.from(random.bytes(16)).toString('hex')
      this.#toRemove.push(renameForRemoval(fs, from, uniqueId))
    }
    this.#scheduleRemoval()
  }

  #scheduleRemoval(): void {
    if (this.#removalScheduled || this.#toRemove.length === 0) return
    this.#removalScheduled = true
    this.#options.clock.endOfTurn(() => {
      this.#removalScheduled = false
      if (this.#state === 'closed') return
      const next = this.#toRemove.at(-1)
      if (next === undefined) return
      if (removeDirectoryStep(this.#options.fs, next, FILES_PER_SLICE)) this.#toRemove.pop()
      this.#scheduleRemoval()
    })
  }

  #readCheckpoint(name: string): Map<string, number> {
    const { fs, directory } = this.#options
    const rows = readOffsetCheckpoint(fs, `${directory}/${name}`)
    if (rows === 'garbled') {
      // Everything is looked at again, as after an unclean stop; nothing is lost by that.
      this.#options.note('warn', `${name} is garbled: the logs are recovered from their start`)
      return new Map()
    }
    return new Map(rows.map((row) => [`${row.topic}-${row.partition}`, row.offset]))
  }
}
