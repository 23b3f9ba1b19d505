// A group shard under a real machine host, an in-memory log that commits at once and a manual
// clock. Tests speak to it as clients would; it remembers answers and records.
import { Deadlines } from '../../../base/deadlines.ts'
import { seededRandom } from '../../../base/random.ts'
import type {
  Caller,
  Exchange,
  GroupReply,
  GroupRequest,
} from '../../../src/coordinator/group/messages.ts'
import type { GroupLimits } from '../../../src/coordinator/group/limits.ts'
import type { GroupRecord } from '../../../src/coordinator/group/records.ts'
import type { ShardImage, ShardState } from '../../../src/coordinator/group/shard-state.ts'
import { type GroupInput, groupMachine } from '../../../src/coordinator/group/shard.ts'
import { MachineHost, type MachineLog, type Refusal } from '../../../src/machine/host.ts'
import { ManualClock } from '../../machine/manual-clock.ts'

export const LIMITS: GroupLimits = {
  groupMinSessionTimeoutMs: 6_000,
  groupMaxSessionTimeoutMs: 1_800_000,
  groupMaxSize: 2 ** 31 - 1,
  initialRebalanceDelayMs: 0,
  offsetsRetentionMs: 7 * 24 * 3600 * 1000,
  offsetsRetentionCheckIntervalMs: 600_000,
  offsetMetadataMaxBytes: 4096,
  maxBatchBytes: 1_048_588,
  ghostEviction: false,
}

export const CALLER: Caller = {
  apiVersion: 9,
  clientId: 'app',
  clientHost: '/127.0.0.1',
  connection: 1,
}

type Outcome = { readonly reply: GroupReply } | { readonly refused: Refusal }

export class ShardBench {
  readonly clock = new ManualClock()
  readonly records: GroupRecord[] = []
  limits: GroupLimits
  readonly #host: MachineHost<ShardState, GroupInput, GroupRecord, number, GroupReply, ShardImage>
  readonly #waiting = new Map<number, (outcome: Outcome) => void>()
  #nextToken = 1

  constructor(limits: Partial<GroupLimits> = {}, seed = 1) {
    this.limits = { ...LIMITS, ...limits }
    const records = this.records
    const log: MachineLog<GroupRecord> = {
      append(batch) {
        const firstOffset = records.length
        records.push(...batch)
        return { firstOffset, lastOffset: records.length - 1 }
      },
      highWatermark: () => records.length,
      leaderEpoch: () => 1,
      replay(visit, done) {
        records.forEach((record, offset) => visit(record, offset))
        done(records.length)
      },
    }
    this.#host = new MachineHost({
      machine: groupMachine,
      log,
      clock: this.clock,
      deadlines: new Deadlines(this.clock),
      random: seededRandom(seed),
      image: () => ({ limits: this.limits }),
      answer: (token, reply) => this.#settle(token, { reply }),
      refuse: (token, refused) => this.#settle(token, { refused }),
      unexpected: (error) => {
        throw error
      },
      broken: (error) => {
        throw error
      },
      maxOpenRequests: 1000,
    })
    this.#host.lead()
  }

  state(): ShardState {
    return this.#host.state()
  }

  /** The log of this life becomes the past of the next. */
  restart(): void {
    this.#host.lead()
  }

  tell(input: Exclude<GroupInput, GroupRequest>): void {
    this.#host.submit(input)
  }

  /** Asks; `answered` is called when the shard answers, possibly before this returns. */
  ask<Kind extends keyof Exchange>(
    kind: Kind,
    request: Exchange[Kind]['request'],
    options: {
      caller?: Partial<Caller>
      answered?: (reply: Exchange[Kind]['reply']) => void
      refused?: (why: Refusal) => void
    } = {},
  ): void {
    const token = this.#nextToken++
    this.#waiting.set(token, (outcome) => {
      if ('refused' in outcome) options.refused?.(outcome.refused)
      else options.answered?.(outcome.reply)
    })
    const caller = { ...CALLER, ...options.caller }
    this.#host.submit({ kind, token, caller, request } as GroupRequest, token)
  }

  /** The answer of a request that is answered at once. */
  now<Kind extends keyof Exchange>(
    kind: Kind,
    request: Exchange[Kind]['request'],
    caller: Partial<Caller> = {},
  ): Exchange[Kind]['reply'] {
    let reply: Exchange[Kind]['reply'] | undefined
    this.ask(kind, request, { caller, answered: (given) => (reply = given) })
    if (reply === undefined) throw new Error(`${kind} was not answered at once`)
    return reply
  }

  #settle(token: number, outcome: Outcome): void {
    const settle = this.#waiting.get(token)
    if (settle === undefined) throw new Error(`token ${token} was settled twice`)
    this.#waiting.delete(token)
    settle(outcome)
  }
}
