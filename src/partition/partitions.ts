// All partitions that this node leads, as the published metadata says: opens their logs, gives them
// new epochs and settings, ends and removes them. Owns the checkpoint files of the data directory
// and the background removal of deleted directories. Knows no request.
import type { Clock } from '../../base/clock.ts'
import type { Uuid } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
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
import { join } from '../../storage/fs/path.ts'
import type { TailCache } from '../../storage/tail-cache.ts'
import type { MetadataImage, TopicImage } from '../controller/image.ts'
import { PartitionDirectories } from './directories.ts'
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
  /** Told what somebody threw who waited for a partition. */
  readonly unexpected: (error: unknown) => void
  /** A partition serves no more until the next start: its log cannot be written. */
  fenced(partition: Partition): void
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

export class Partitions {
  readonly #options: PartitionsOptions
  readonly #byTopic = new Map<string, (Partition | undefined)[]>()
  readonly #directories: PartitionDirectories
  /** What the checkpoint files say, by partition; zeros are left out. */
  #recoveryPoints = new Map<string, number>()
  #logStarts = new Map<string, number>()
  /** Could not be opened: what the checkpoints say of them stays. */
  readonly #offline = new Map<string, { readonly topic: string; readonly partition: number }>()
  /** By file: the entries that are in it. */
  readonly #checkpointed = new Map<string, string>()
  #state: 'open' | 'closed' = 'open'

  constructor(options: PartitionsOptions) {
    this.#options = options
    this.#directories = new PartitionDirectories(options)
    this.#recoveryPoints = this.#readCheckpoint(RECOVERY_POINT_CHECKPOINT)
    this.#logStarts = this.#readCheckpoint(LOG_START_OFFSET_CHECKPOINT)
  }

  get(topic: string, index: number): Partition | undefined {
    return this.#byTopic.get(topic)?.[index]
  }

  /** Why there is no such partition here: it is led elsewhere, or its files cannot be opened. */
  absence(topic: string, index: number): number {
    return this.#offline.has(`${topic}-${index}`)
      ? errors.KAFKA_STORAGE_ERROR
      : errors.NOT_LEADER_OR_FOLLOWER
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

  /** At start, when the first image is there: what lies around is removed or put aside. */
  settleDirectories(image: MetadataImage): void {
    this.#directories.settle(
      (topic, index) => image.topicsByName.get(topic)?.partitions[index] !== undefined,
    )
  }

  /** Writes the offset checkpoints that have changed; false, and a line, when it cannot. */
  checkpoint(): boolean {
    const points = this.#rows(this.#recoveryPoints, ({ log }) => log.checkpointableRecoveryPoint())
    const starts = this.#rows(this.#logStarts, ({ log }) => log.logStartOffset)
    try {
      this.#write(RECOVERY_POINT_CHECKPOINT, points)
      this.#recoveryPoints = byName(points)
      // Before the starts: a log that begins behind its high watermark looks damaged to Apache.
      this.#write(
        HIGH_WATERMARK_CHECKPOINT,
        this.#rows(NOTHING, ({ highWatermark }) => highWatermark),
      )
      this.#write(LOG_START_OFFSET_CHECKPOINT, starts)
      this.#logStarts = byName(starts)
      return true
    } catch (error) {
      // The last ones stay in force: they are older, and so more is checked after a crash.
      this.#options.note('error', `the offset checkpoints were not written: ${String(error)}`)
      return false
    }
  }

  /** Syncs and closes every log, then writes the checkpoints. True when all of it worked. */
  close(): boolean {
    if (this.#state === 'closed') return true
    this.#state = 'closed'
    this.#directories.close()
    let clean = this.#offline.size === 0
    for (const partition of this.all()) {
      const failure = closed(partition.log)
      if (failure === undefined) continue
      clean = false
      this.#options.note('error', `${partition.name} did not close: ${failure}`)
    }
    return this.checkpoint() && clean
  }

  #rows(
    ofOffline: ReadonlyMap<string, number>,
    value: (partition: Partition) => number,
  ): PartitionOffset[] {
    const rows: PartitionOffset[] = []
    for (const partition of this.all()) {
      const { topic, index } = partition
      rows.push({ topic, partition: index, offset: value(partition) })
    }
    for (const [name, { topic, partition }] of this.#offline) {
      rows.push({ topic, partition, offset: ofOffline.get(name) ?? 0 })
    }
    return rows
  }

  #write(file: string, rows: readonly PartitionOffset[]): void {
    const text = rows
      .map(({ topic, partition, offset }) => `${topic} ${partition} ${offset}`)
      .join()
    if (this.#checkpointed.get(file) === text) return
    writeOffsetCheckpoint(this.#options.fs, join(this.#options.directory, file), rows)
    this.#checkpointed.set(file, text)
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

  /** undefined when its files cannot be read: everything else goes on without it. */
  #openPartition(
    identity: { topic: string; topicId: Uuid; index: number },
    leaderEpoch: number,
    limits: TopicLimits,
  ): Partition | undefined {
    const { clock, codecs, unexpected } = this.#options
    const name = `${identity.topic}-${identity.index}`
    const now = (): number => clock.now()
    const fenced = (partition: Partition): void => this.#fenced(partition)
    const around = { leaderEpoch, settings: limits.partition, codecs, now, unexpected, fenced }
    try {
      const partition = new Partition(identity, this.#openLog(identity, limits), around)
      this.#offline.delete(name)
      return partition
    } catch (error) {
      this.#offline.set(name, { topic: identity.topic, partition: identity.index })
      this.#options.note('error', `${name} is offline, it could not be opened: ${String(error)}`)
      return undefined
    }
  }

  #fenced(partition: Partition): void {
    const why = String(partition.log.failure ?? 'its log broke an invariant')
    this.#options.note('error', `${partition.name} is fenced until the next start: ${why}`)
    this.#options.fenced(partition)
  }

  #openLog(
    { topic, topicId, index }: { topic: string; topicId: Uuid; index: number },
    limits: TopicLimits,
  ): Log {
    const { fs, clock, random, tail, cleanShutdown } = this.#options
    const name = `${topic}-${index}`
    // Checkpoints are by name: without its directory the partition is new, and they are of another.
    const isFound = this.#directories.claim(topic, index, topicId) === 'found'
    return Log.open({
      fs,
      clock,
      random,
      tail,
      producerIdExpirationMs: this.#options.producerIdExpirationMs,
      report: (report) => this.#report(report),
      directory: this.#directories.pathOf(topic, index),
      topicId,
      limits: limits.log,
      cleanShutdown,
      recoveryPoint: isFound ? (this.#recoveryPoints.get(name) ?? 0) : 0,
      logStartOffset: isFound ? (this.#logStarts.get(name) ?? 0) : 0,
    })
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
    let isCheckpointed = false
    for (const { index } of topic.partitions) {
      const partition = partitions[index]
      partition?.markDeleted()
      partition?.log.abandon()
      this.#directories.remove(topic.name, index)
      const name = `${topic.name}-${index}`
      this.#offline.delete(name)
      isCheckpointed ||= this.#recoveryPoints.has(name) || this.#logStarts.has(name)
    }
    // Otherwise a topic that takes the name would begin, after a crash, where this one did.
    if (isCheckpointed) this.checkpoint()
  }

  #readCheckpoint(name: string): Map<string, number> {
    const { fs, directory } = this.#options
    const rows = readOffsetCheckpoint(fs, `${directory}/${name}`)
    if (rows === 'garbled') {
      // Everything is looked at again, as after an unclean stop; nothing is lost by that.
      this.#options.note('warn', `${name} is garbled: the logs are recovered from their start`)
      return new Map()
    }
    return byName(rows)
  }
}

const NOTHING: ReadonlyMap<string, number> = new Map()

function byName(rows: readonly PartitionOffset[]): Map<string, number> {
  const told = rows.filter(({ offset }) => offset > 0)
  return new Map(told.map((row) => [`${row.topic}-${row.partition}`, row.offset]))
}

/** Why the log is not wholly on disk; undefined when it is. */
function closed(log: Log): string | undefined {
  try {
    return log.close()?.message
  } catch (error) {
    return String(error)
  }
}
