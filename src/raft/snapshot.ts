// Snapshots of the metadata log (KIP-630): <end offset, exclusive>-<epoch>.checkpoint, made of a
// header, data batches and a footer. Written under another name, synced, renamed: a file with the
// final name is whole. Knows bytes of records, not what they mean.
import { assert } from '../../base/assert.ts'
import type { Clock } from '../../base/clock.ts'
import { buildBatch, CONTROL_TYPES } from '../../protocol/records/index.ts'
import type { FileHandle, FileSystem } from '../../storage/fs/fs.ts'
import { join, parentOf } from '../../storage/fs/path.ts'
import { readFile, removeFile } from '../../storage/fs/whole-file.ts'
import { type DataRecord, UnreadableMetadata, visitBatches } from './batches.ts'
import {
  kraftVersionOf,
  snapshotFooterBatch,
  snapshotHeaderBatch,
  type Voter,
  votersOf,
} from './control-records.ts'

export interface SnapshotId {
  /** The offset after the last record that it contains. */
  readonly endOffset: number
  /** Of that record. */
  readonly epoch: number
}

/** Initial voters, and from Apache Kafka 4.4 on the first feature levels; never state. */
export const BOOTSTRAP_SNAPSHOT: SnapshotId = { endOffset: 0, epoch: 0 }

const SUFFIX = '.checkpoint'
const PARTIAL_SUFFIX = '.checkpoint.part'
const DELETED_SUFFIX = '.checkpoint.deleted'
/** A slice of a snapshot between two turns. */
const RECORDS_PER_BATCH = 500

export function snapshotFile({ endOffset, epoch }: SnapshotId): string {
  return `${String(endOffset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}${SUFFIX}`
}

function parseSnapshotFile(name: string): SnapshotId | undefined {
  const found = /^(\d{20})-(\d{10})\.checkpoint$/.exec(name)
  if (found === null) return undefined
  return { endOffset: Number(found[1]), epoch: Number(found[2]) }
}

/** Oldest first, without the bootstrap snapshot. */
export function listSnapshots(fs: FileSystem, directory: string): SnapshotId[] {
  const found: SnapshotId[] = []
  for (const name of fs.readdir(directory)) {
    const id = parseSnapshotFile(name)
    if (id !== undefined && id.endOffset > 0) found.push(id)
  }
  return found.sort((a, b) => a.endOffset - b.endOffset || a.epoch - b.epoch)
}

/** What an interrupted write or deletion left behind. */
export function removeLeftovers(fs: FileSystem, directory: string): void {
  for (const name of fs.readdir(directory)) {
    const left = name.endsWith(PARTIAL_SUFFIX) || name.endsWith(DELETED_SUFFIX)
    if (left) removeFile(fs, join(directory, name))
  }
}

export interface SnapshotContent {
  readonly records: readonly DataRecord[]
  readonly kraftVersion: number
  readonly voters: readonly Voter[] | undefined
}

/** undefined when the file is not there. Throws UnreadableMetadata when it is not whole. */
export function readSnapshot(fs: FileSystem, path: string): SnapshotContent | undefined {
  const bytes = readFile(fs, path)
  if (bytes === undefined) return undefined
  const records: DataRecord[] = []
  let kraftVersion = 0
  let voters: readonly Voter[] | undefined
  let ended = false
  const end = visitBatches(bytes, path, {
    data: (record) => records.push(record),
    control(record) {
      if (record.type === CONTROL_TYPES.kraftVersion) kraftVersion = kraftVersionOf(record)
      if (record.type === CONTROL_TYPES.kraftVoters) voters = votersOf(record)
      if (record.type === CONTROL_TYPES.snapshotFooter) ended = true
    },
    batch: () => undefined,
  })
  if (end !== bytes.length) throw new UnreadableMetadata(`${path} is damaged at byte ${end}`)
  if (!ended) throw new UnreadableMetadata(`${path} has no end`)
  return { records, kraftVersion, voters }
}

export interface SnapshotFacts {
  readonly id: SnapshotId
  /** Milliseconds: of the last record contained. */
  readonly lastContainedLogTimestamp: number
  /** From kraft.version 1 on. */
  readonly voters: readonly Voter[] | undefined
}

/** Bytes of a whole snapshot in one go: for small ones, at format time. */
export function snapshotBytes(
  facts: SnapshotFacts,
  values: readonly Uint8Array[],
  timestampMs: number,
): Buffer {
  const { epoch } = facts.id
  const parts: Buffer[] = []
  let baseOffset = 0
  function add(part: Buffer, records: number): void {
    parts.push(part)
    baseOffset += records
  }
  const { lastContainedLogTimestamp, voters } = facts
  const place = { baseOffset: 0, epoch, timestampMs }
  const header = snapshotHeaderBatch(lastContainedLogTimestamp, place, voters)
  add(header, voters === undefined ? 1 : 3)
  for (let at = 0; at < values.length; at += RECORDS_PER_BATCH) {
    const some = values.slice(at, at + RECORDS_PER_BATCH)
    add(dataBatch(some, { baseOffset, epoch, timestampMs }), some.length)
  }
  add(snapshotFooterBatch({ baseOffset, epoch, timestampMs }), 1)
  return Buffer.concat(parts)
}

export function dataBatch(
  values: readonly Uint8Array[],
  place: { readonly baseOffset: number; readonly epoch: number; readonly timestampMs: number },
): Buffer {
  const { baseOffset, epoch, timestampMs: timestamp } = place
  const records = values.map((value) => ({ timestamp, key: null, value }))
  return buildBatch(records, { baseOffset, partitionLeaderEpoch: epoch })
}

/** Writes one snapshot a batch per turn. It is abandoned by not being finished. */
export class SnapshotWriter {
  readonly #fs: FileSystem
  readonly #clock: Clock
  readonly #facts: SnapshotFacts
  readonly #path: string
  readonly #file: FileHandle
  #position = 0
  #baseOffset = 0
  #state: 'writing' | 'done' | 'abandoned' = 'writing'
  #isClosed = false

  constructor(
    seams: { readonly fs: FileSystem; readonly clock: Clock },
    directory: string,
    facts: SnapshotFacts,
  ) {
    this.#fs = seams.fs
    this.#clock = seams.clock
    this.#facts = facts
    this.#path = join(directory, snapshotFile(facts.id))
    this.#file = seams.fs.open(`${this.#path}.part`, 'create')
    this.#file.truncate(0)
  }

  /** Writes all of `values`, then calls `done`: undefined when the file is there for good. */
  write(values: Iterator<Uint8Array>, done: (error: unknown) => void): void {
    try {
      const { lastContainedLogTimestamp, voters } = this.#facts
      const header = snapshotHeaderBatch(lastContainedLogTimestamp, this.#place(), voters)
      this.#put(header, voters === undefined ? 1 : 3)
    } catch (error) {
      this.#give(error, done)
      return
    }
    this.#next(values, done)
  }

  abandon(): void {
    if (this.#state !== 'writing') return
    this.#state = 'abandoned'
    this.#close()
  }

  #close(): void {
    if (!this.#isClosed) this.#file.close()
    this.#isClosed = true
  }

  #next(values: Iterator<Uint8Array>, done: (error: unknown) => void): void {
    this.#clock.endOfTurn(() => {
      if (this.#state !== 'writing') return
      try {
        const more = this.#slice(values)
        if (more) this.#next(values, done)
        else this.#finish(done)
      } catch (error) {
        this.#give(error, done)
      }
    })
  }

  #slice(values: Iterator<Uint8Array>): boolean {
    const some: Uint8Array[] = []
    let next = values.next()
    for (; next.done !== true; next = values.next()) {
      some.push(next.value)
      if (some.length === RECORDS_PER_BATCH) break
    }
    if (some.length > 0) this.#put(dataBatch(some, this.#place()), some.length)
    return next.done !== true
  }

  #finish(done: (error: unknown) => void): void {
    this.#put(snapshotFooterBatch(this.#place()), 1)
    this.#file.syncLater((error) => {
      if (this.#state !== 'writing') return
      if (error !== null) {
        this.#give(error, done)
        return
      }
      try {
        this.#close()
        this.#fs.rename(`${this.#path}.part`, this.#path)
        this.#fs.syncDirectory(parentOf(this.#path))
        this.#state = 'done'
      } catch (cause) {
        this.#give(cause, done)
        return
      }
      done(undefined)
    })
  }

  #give(error: unknown, done: (error: unknown) => void): void {
    assert(this.#state === 'writing', 'a snapshot ends once')
    this.abandon()
    done(error)
  }

  #place(): { baseOffset: number; epoch: number; timestampMs: number } {
    const timestampMs = this.#clock.now()
    return { baseOffset: this.#baseOffset, epoch: this.#facts.id.epoch, timestampMs }
  }

  #put(bytes: Buffer, records: number): void {
    this.#file.write(bytes, 0, bytes.length, this.#position)
    this.#position += bytes.length
    this.#baseOffset += records
  }
}
