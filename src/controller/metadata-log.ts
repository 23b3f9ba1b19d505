// The metadata log as the controller machine sees it: records in, records out, and the queue of
// what is applied but not committed yet. Bytes are the driver's and the codec's affair.
import type { Clock } from '../../base/clock.ts'
import type { Appended, AppendFailure, MachineLog } from '../machine/host.ts'
import type { RaftDriver } from '../raft/driver.ts'
import { encodeRecord } from './record-codec.ts'
import type { MetadataRecord } from './records.ts'

export interface LoggedRecord {
  readonly record: MetadataRecord
  readonly offset: number
  readonly epoch: number
}

export class MetadataLog implements MachineLog<MetadataRecord> {
  readonly #raft: RaftDriver
  readonly #clock: Clock
  readonly #failed: (error: unknown) => void
  /** What the directory held; given to the machine once. */
  #loaded: readonly LoggedRecord[] | undefined
  /** Not yet taken by takeCommitted, in order. */
  #pending: LoggedRecord[]
  #lastTimestampMs = -1

  constructor(
    raft: RaftDriver,
    clock: Clock,
    loaded: readonly LoggedRecord[],
    failed: (error: unknown) => void,
  ) {
    this.#raft = raft
    this.#clock = clock
    this.#loaded = loaded
    this.#pending = [...loaded]
    this.#failed = failed
  }

  append(records: readonly MetadataRecord[]): Appended | AppendFailure {
    const appended = this.#raft.append(records.map(encodeRecord))
    if ('failure' in appended) {
      this.#failed(new Error(appended.failure))
      return appended
    }
    const epoch = this.#raft.leaderEpoch()
    for (const [i, record] of records.entries()) {
      this.#pending.push({ record, offset: appended.firstOffset + i, epoch })
    }
    this.#lastTimestampMs = this.#clock.now()
    this.#clock.endOfTurn(() => this.#raft.flush())
    return appended
  }

  highWatermark(): number {
    return this.#raft.highWatermark()
  }

  leaderEpoch(): number {
    return this.#raft.leaderEpoch()
  }

  /** Milliseconds: of the last record appended by this process, -1 without one. */
  lastTimestampMs(): number {
    return this.#lastTimestampMs
  }

  /** Once: a single voter whose log fails has nobody to take over from, it stops. */
  replay(
    visit: (record: MetadataRecord, offset: number) => void,
    done: (endOffset: number) => void,
  ): void {
    const loaded = this.#loaded
    if (loaded === undefined) return
    this.#loaded = undefined
    for (const { record, offset } of loaded) visit(record, offset)
    done(this.#raft.logEndOffset())
  }

  takeCommitted(highWatermark: number, take: (logged: LoggedRecord) => void): void {
    let count = 0
    for (const logged of this.#pending) {
      if (logged.offset >= highWatermark) break
      take(logged)
      count++
    }
    this.#pending.splice(0, count)
  }
}
