// Plays group requests against their handlers over a real coordinator with logs in memory. Requests
// and replies go through their bytes, so that every field fits its version.
import { Deadlines } from '../../base/deadlines.ts'
import { seededRandom } from '../../base/random.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { decode, encode } from '../../protocol/schema/codec.ts'
import type { Api, RequestDraft, ResponseOf } from '../../protocol/schema/message.ts'
import type { MetadataImage, TopicImage } from '../../src/controller/image.ts'
import type { GroupLimits } from '../../src/coordinator/group/limits.ts'
import { GroupCoordinator } from '../../src/coordinator/registry.ts'
import type { Handler } from '../../src/handlers/handler.ts'
import { MemoryShardLog } from '../coordinator/group/memory-shard-log.ts'
import { LIMITS } from '../coordinator/group/shard-bench.ts'
import { ManualClock } from '../machine/manual-clock.ts'

export const ORDERS_ID = 'b3JkZXJzLXRvcGljLWlkMQ'
const SHARDS = 3

export class GroupBench {
  readonly clock = new ManualClock()
  readonly coordinator: GroupCoordinator
  readonly #image: Pick<MetadataImage, 'topicsByName' | 'topicsById'>

  /** Knows one topic, orders, with two partitions. */
  constructor(limits: Partial<GroupLimits> = {}, elected = true) {
    this.coordinator = new GroupCoordinator({
      clock: this.clock,
      deadlines: new Deadlines(this.clock),
      random: seededRandom(1),
      codecs: new Codecs(),
      decompressedMaxBytes: 1 << 20,
      limits: () => ({ ...LIMITS, ...limits }),
      partitionCount: () => SHARDS,
      maxOpenRequestsPerShard: 100,
      unexpected: (error) => {
        throw error
      },
      failed: (_, error) => {
        throw error
      },
    })
    if (elected) for (let p = 0; p < SHARDS; p++) this.coordinator.elect(p, new MemoryShardLog())
    const partitions = [0, 1].map((index) => ({ index }) as TopicImage['partitions'][number])
    const orders: TopicImage = { name: 'orders', id: ORDERS_ID, partitions }
    this.#image = {
      topicsByName: new Map([['orders', orders]]),
      topicsById: new Map([[ORDERS_ID, orders]]),
    }
  }

  /** `answered` is called when the reply is there, possibly before this returns. */
  ask<A extends Api>(
    handler: Handler,
    api: A,
    question: { version: number; request: RequestDraft<A>; clientId?: string | null },
    answered: (reply: ResponseOf<A>) => void,
  ): void {
    const { version, request, clientId = 'app' } = question
    const finish = (reply: unknown): void => {
      const bytes = encode(api.response, version, reply as never)
      answered(decode(api.response, version, bytes))
    }
    const later = { answer: finish, skip() {}, close() {}, onAbandoned() {} }
    const context = {
      node: { groups: this.coordinator, metadata: { image: () => this.#image } },
      version,
      clientId,
      connection: { socket: { id: 1, remote: { host: '::1', port: 1 } } },
      later: () => later,
    }
    const body = decode(api.request, version, encode(api.request, version, request as never))
    const result = handler.serve(context as never, body)
    if (result !== later) finish(result)
  }

  /** The reply of a request that is answered at once. */
  now<A extends Api>(
    handler: Handler,
    api: A,
    version: number,
    ...[request, clientId]: [request: RequestDraft<A>, clientId?: string | null]
  ): ResponseOf<A> {
    let reply: ResponseOf<A> | undefined
    const question = clientId === undefined ? { version, request } : { version, request, clientId }
    this.ask(handler, api, question, (given) => (reply = given))
    if (reply === undefined) throw new Error(`${api.name} was not answered at once`)
    return reply
  }
}

export function versionsOf(handler: Handler, from = handler.min): number[] {
  return Array.from({ length: handler.max - from + 1 }, (_, i) => from + i)
}
