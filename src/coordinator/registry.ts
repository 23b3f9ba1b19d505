// The group coordinator of this broker: the shards that it leads, one per partition of
// __consumer_offsets, and which of them a group belongs to. It turns "not here", "still loading"
// and "too busy" into Kafka's error codes, and knows nothing of requests beyond that.
import { assert } from '../../base/assert.ts'
import type { Clock } from '../../base/clock.ts'
import type { Deadlines } from '../../base/deadlines.ts'
import type { Random } from '../../base/random.ts'
import { errors } from '../../protocol/errors.ts'
import type { Codecs } from '../../protocol/records/compression/codecs.ts'
import { MachineHost, type Refusal } from '../machine/host.ts'
import type { GroupLimits } from './group/limits.ts'
import type { Caller, Exchange, GroupReply, GroupRequest, Token } from './group/messages.ts'
import type { GroupRecord } from './group/records.ts'
import { type ShardLog, groupLog } from './group/shard-log.ts'
import type { DeletedTopic, ShardImage, ShardState } from './group/shard-state.ts'
import { type GroupInput, groupMachine } from './group/shard.ts'
import { partitionFor } from './partition-for.ts'

export interface GroupCoordinatorOptions {
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly random: Random
  readonly codecs: Codecs
  readonly decompressedMaxBytes: number
  /** Read at every decision, so that a changed setting counts at once. */
  limits(): GroupLimits
  /** Partitions of __consumer_offsets, or how many it would be created with. */
  partitionCount(): number
  /** Requests that a shard holds at the same time, parked joins and syncs included. */
  readonly maxOpenRequestsPerShard: number
  /** A shard stopped for good: its log is damaged or it broke an invariant. */
  failed(partition: number, error: unknown): void
  /** Whoever waited for a reply could not take it. */
  unexpected(error: unknown): void
}

/** What becomes of a question: the shard's reply, or why there is none. */
export type Outcome<Reply> =
  | { readonly errorCode: typeof errors.NONE; readonly reply: Reply }
  | { readonly errorCode: number; readonly reply: null }

type Settle = (outcome: Outcome<GroupReply>) => void

interface Shard {
  readonly log: ShardLog
  readonly host: MachineHost<ShardState, GroupInput, GroupRecord, Token, GroupReply, ShardImage>
  readonly waiting: Map<Token, Settle>
}

export class GroupCoordinator {
  readonly #options: GroupCoordinatorOptions
  readonly #shards = new Map<number, Shard>()
  #nextToken = 1

  constructor(options: GroupCoordinatorOptions) {
    this.#options = options
  }

  limits(): GroupLimits {
    return this.#options.limits()
  }

  /** This broker leads the partition from now on, or in a new epoch: the shard loads its log. */
  elect(partition: number, log: ShardLog): void {
    this.resign(partition)
    const shard = this.#createShard(partition, log)
    this.#shards.set(partition, shard)
    shard.host.lead()
  }

  /** This broker leads the partition no more: whoever waits is answered NOT_COORDINATOR. */
  resign(partition: number): void {
    const shard = this.#shards.get(partition)
    this.#shards.delete(partition)
    shard?.host.resign()
  }

  /** Answers everybody who waits; nothing is served after that. */
  stop(): void {
    for (const partition of this.#shards.keys()) this.resign(partition)
  }

  /** A step of every turn, after the writes: what is committed may be answered. */
  committed(): void {
    for (const { host, log } of this.#shards.values()) {
      if (host.openRequests() > 0) host.committed(log.highWatermark())
    }
  }

  /** Asks the shard of the group; `answered` is called once, possibly before this returns. */
  ask<Kind extends keyof Exchange>(
    kind: Kind,
    groupId: string,
    question: { readonly caller: Caller; readonly request: Exchange[Kind]['request'] },
    answered: (outcome: Outcome<Exchange[Kind]['reply']>) => void,
  ): void {
    const shard = this.#shards.get(this.partitionOf(groupId))
    if (shard === undefined) return answered(nothing(errors.NOT_COORDINATOR))
    this.#submit(shard, { kind, ...question }, answered)
  }

  /** Groups of all shards; COORDINATOR_LOAD_IN_PROGRESS while any of them is loading. */
  list(
    question: { readonly caller: Caller; readonly request: Exchange['list']['request'] },
    answered: (outcome: Outcome<Exchange['list']['reply']>) => void,
  ): void {
    const groups: Exchange['list']['reply'] = []
    let errorCode: number = errors.NONE
    let open = 1
    const settled = (): void => {
      if (--open > 0) return
      answered(errorCode === errors.NONE ? { errorCode, reply: groups } : nothing(errorCode))
    }
    for (const shard of this.#shards.values()) {
      open++
      this.#submit(shard, { kind: 'list', ...question }, (outcome) => {
        if (outcome.reply !== null) groups.push(...(outcome.reply as typeof groups))
        else if (outcome.errorCode !== errors.NOT_COORDINATOR) errorCode = outcome.errorCode
        settled()
      })
    }
    settled()
  }

  /** The partition of __consumer_offsets that holds the group. */
  partitionOf(groupId: string): number {
    return partitionFor(groupId, this.#options.partitionCount())
  }

  /** A client connection is gone: its members may be ghosts now. */
  connectionClosed(connection: number): void {
    for (const { host } of this.#shards.values()) {
      if (!host.state().soft.presence.byConnection.has(connection)) continue
      host.submit({ kind: 'connection-closed', connection })
    }
  }

  /** Committed offsets of deleted topics become tombstones. */
  topicsDeleted(topics: readonly DeletedTopic[]): void {
    for (const { host } of this.#shards.values()) host.submit({ kind: 'topics-deleted', topics })
  }

  #submit(shard: Shard, request: Unnumbered, settle: Settle): void {
    const token = this.#nextToken++
    shard.waiting.set(token, settle)
    shard.host.submit({ ...request, token } as GroupRequest, token)
  }

  #createShard(partition: number, log: ShardLog): Shard {
    const options = this.#options
    const { clock, deadlines, random, codecs, decompressedMaxBytes } = options
    const waiting = new Map<Token, Settle>()
    function settle(token: Token, outcome: Outcome<GroupReply>): void {
      const waiter = waiting.get(token)
      assert(waiter !== undefined, 'a token is settled once')
      waiting.delete(token)
      waiter(outcome)
    }
    const failed = (error: unknown): void => {
      this.resign(partition)
      options.failed(partition, error)
    }
    const host = new MachineHost<
      ShardState,
      GroupInput,
      GroupRecord,
      Token,
      GroupReply,
      ShardImage
    >({
      machine: groupMachine,
      log: groupLog({ log, clock, codecs, decompressedMaxBytes, failed }),
      clock,
      deadlines,
      random,
      image: () => ({ limits: options.limits() }),
      answer: (token, reply) => settle(token, { errorCode: errors.NONE, reply }),
      refuse: (token, why) => settle(token, nothing(REFUSALS[why])),
      broken: failed,
      unexpected: (error) => options.unexpected(error),
      maxOpenRequests: options.maxOpenRequestsPerShard,
    })
    return { log, host, waiting }
  }
}

/** A request that has no token yet. */
type Unnumbered = Pick<GroupRequest, 'kind' | 'caller' | 'request'>

const REFUSALS: { readonly [Why in Refusal]: number } = {
  loading: errors.COORDINATOR_LOAD_IN_PROGRESS,
  'not-leader': errors.NOT_COORDINATOR,
  full: errors.COORDINATOR_NOT_AVAILABLE,
}

function nothing(errorCode: number): { readonly errorCode: number; readonly reply: null } {
  return { errorCode, reply: null }
}
