// Brokers of a few lines over the real connection code, for the client's tests: every node knows
// all topics, and serves the partitions it leads.
import { Deadlines } from '../../base/deadlines.ts'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { Fetch } from '../../protocol/api/01-fetch.ts'
import { Produce } from '../../protocol/api/00-produce.ts'
import { ListOffsets } from '../../protocol/api/02-list-offsets.ts'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { ApiVersions } from '../../protocol/api/18-api-versions.ts'
import { errors } from '../../protocol/errors.ts'
import { BatchView } from '../../protocol/records/index.ts'
import { decode, writer } from '../../protocol/schema/codec.ts'
import type { DraftOf, Shape } from '../../protocol/schema/field.ts'
import type { Api, RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { beginFrame, endFrame } from '../../protocol/wire/frame.ts'
import {
  readRequestHeader,
  responseHeaderVersion,
  writeResponseHeader,
} from '../../protocol/wire/header.ts'
import { Writer } from '../../protocol/wire/writer.ts'
import { BufferPool } from '../../src/net/buffer-pool.ts'
import type { OnRequest } from '../../src/net/connection.ts'
import { FlushQueue } from '../../src/net/flush-queue.ts'
import { ConnectionCount, Listener } from '../../src/net/listener.ts'
import { memoryNetwork } from '../../src/net/memory-network.ts'
import { PeerLog } from '../../src/net/peer-log.ts'
import { ReceiveBudget } from '../../src/net/receive-budget.ts'

const HOST = '127.0.0.1'
const TOPIC_ID = 'dG9waWMtaWQtMTIzNDU2Nw'

export interface FakePartition {
  leader: number
  readonly batches: Buffer[]
  end: number
}

export class FakeCluster {
  readonly clock = new VirtualClock()
  readonly network = memoryNetwork(this.clock)
  readonly asked: string[] = []
  readonly topics = new Map<string, FakePartition[]>()
  /** The highest ApiVersions that the nodes know. */
  apiVersionsMax = 4
  /** Answers nothing at all. */
  isMute = false
  readonly #ports: number[] = []

  static async start(nodes: number): Promise<FakeCluster> {
    const cluster = new FakeCluster()
    for (let id = 0; id < nodes; id++) await cluster.#addNode(id)
    return cluster
  }

  address(node = 0) {
    return { host: HOST, port: this.#ports[node]! }
  }

  topic(name: string, leaders: readonly number[]): FakePartition[] {
    const partitions = leaders.map((leader) => ({ leader, batches: [], end: 0 }))
    this.topics.set(name, partitions)
    return partitions
  }

  /** Lets virtual time run while `work` waits: promises settle between the turns. */
  async run<T>(work: Promise<T>): Promise<T> {
    const state = { isDone: false }
    const finish = () => {
      state.isDone = true
    }
    work.then(finish, finish)
    for (let turn = 0; turn < 20_000 && !state.isDone; turn++) {
      for (let i = 0; i < 20 && !state.isDone; i++) await Promise.resolve()
      if (!state.isDone && !this.clock.runTurn()) this.clock.advance(10)
    }
    return work
  }

  async #addNode(id: number): Promise<void> {
    const deadlines = new Deadlines(this.clock)
    const flushQueue: FlushQueue = new FlushQueue(() =>
      this.clock.endOfTurn(() => flushQueue.flush()),
    )
    const listener = await Listener.bind({
      name: 'PLAINTEXT',
      address: { host: HOST, port: 0 },
      network: this.network,
      count: new ConnectionCount(100, () => 100),
      context: {
        clock: this.clock,
        deadlines,
        pool: new BufferPool(),
        flushQueue,
        budget: new ReceiveBudget(this.clock, deadlines, { maxBytes: 1e9, patienceMs: 1000 }),
        log: new PeerLog(this.clock, (_level, line) => this.asked.push(line)),
        limits: {
          maxFrameBytes: 1e8,
          maxQueuedBytes: 1e6,
          maxUnsentBytes: 1e6,
          maxPendingRequests: 100,
          maxIdleMs: -1,
        },
        onRequest: (...request) => this.#serve(id, request),
      },
    })
    listener.open()
    this.#ports.push(listener.address().port)
  }

  #serve(node: number, [slot, frame, start, end]: Parameters<OnRequest>): 'answered' | 'pending' {
    const head = readRequestHeader(frame, start, end)
    this.asked.push(`${node} ${head.apiKey}v${head.apiVersion}`)
    if (this.isMute) return 'pending'
    const answer = <Q extends Shape, R extends Shape>(
      api: Api<Q, R>,
      draft: DraftOf<R>,
      version = head.apiVersion,
    ) => {
      const out = new Writer(1024)
      const mark = beginFrame(out)
      const headerVersion = responseHeaderVersion(api.key, head.apiVersion)
      writeResponseHeader(out, headerVersion, head.correlationId)
      writer(api.response, version)(out, draft)
      endFrame(out, mark)
      slot.fill(out.take())
    }
    const body = <Q extends Shape, R extends Shape>(api: Api<Q, R>) =>
      decode(api.request, head.apiVersion, frame, head.bodyStart, end)
    if (head.apiKey === ApiVersions.key) {
      if (head.apiVersion > this.apiVersionsMax) answer(ApiVersions, this.#refusal(), 0)
      else answer(ApiVersions, { errorCode: 0, apiKeys: this.#ranges() })
    } else if (head.apiKey === Metadata.key) answer(Metadata, this.#metadata(body(Metadata)))
    else if (head.apiKey === Produce.key) {
      const request = body(Produce)
      const reply = this.#produce(node, request)
      if (request.acks === 0) slot.skip()
      else answer(Produce, reply)
    } else if (head.apiKey === Fetch.key) {
      const request = body(Fetch)
      if (this.#hasRecords(request)) answer(Fetch, this.#fetch(node, request))
      else {
        const until = this.clock.monotonic() + request.maxWaitMs
        this.clock.at(until, () => answer(Fetch, this.#fetch(node, request)))
        return 'pending'
      }
    } else answer(ListOffsets, this.#listOffsets(body(ListOffsets)))
    return 'answered'
  }

  #refusal(): ResponseDraft<typeof ApiVersions> {
    const own = { apiKey: 18, minVersion: 0, maxVersion: this.apiVersionsMax }
    return { errorCode: errors.UNSUPPORTED_VERSION, apiKeys: [own] }
  }

  #ranges() {
    return [Produce, Fetch, ListOffsets, Metadata, ApiVersions].map(({ key, versions }) => ({
      apiKey: key,
      minVersion: versions.min,
      maxVersion: key === 18 ? this.apiVersionsMax : versions.max,
    }))
  }

  #metadata(request: RequestOf<typeof Metadata>): ResponseDraft<typeof Metadata> {
    const names = request.topics?.map(({ name }) => name!) ?? [...this.topics.keys()]
    return {
      brokers: this.#ports.map((port, nodeId) => ({ nodeId, host: HOST, port })),
      controllerId: 0,
      topics: names.map((name) => ({
        name,
        topicId: TOPIC_ID,
        errorCode: this.topics.has(name) ? 0 : errors.UNKNOWN_TOPIC_OR_PARTITION,
        partitions: (this.topics.get(name) ?? []).map(({ leader }, partitionIndex) => ({
          errorCode: 0,
          partitionIndex,
          leaderId: leader,
          replicaNodes: [leader],
          isrNodes: [leader],
        })),
      })),
    }
  }

  #only(): FakePartition[] {
    return [...this.topics.values()][0]!
  }

  #produce(node: number, request: RequestOf<typeof Produce>): ResponseDraft<typeof Produce> {
    const [topic] = request.topicData
    return {
      responses: [
        {
          topicId: topic!.topicId,
          partitionResponses: topic!.partitionData.map(({ index, records }) => {
            const partition = this.#only()[index]!
            if (partition.leader !== node) {
              return { index, errorCode: errors.NOT_LEADER_OR_FOLLOWER, baseOffset: -1 }
            }
            const copy = Buffer.from(records!)
            const view = new BatchView(copy)
            const baseOffset = partition.end
            view.setBaseOffset(baseOffset)
            partition.batches.push(copy)
            partition.end = view.nextOffset
            return { index, errorCode: 0, baseOffset }
          }),
        },
      ],
    }
  }

  #hasRecords(request: RequestOf<typeof Fetch>): boolean {
    return request.topics[0]!.partitions.some(
      ({ partition, fetchOffset }) => this.#only()[partition]!.end > fetchOffset,
    )
  }

  #fetch(node: number, request: RequestOf<typeof Fetch>): ResponseDraft<typeof Fetch> {
    const [topic] = request.topics
    return {
      throttleTimeMs: 0,
      responses: [
        {
          topicId: topic!.topicId,
          partitions: topic!.partitions.map(({ partition: partitionIndex, fetchOffset }) => {
            const partition = this.#only()[partitionIndex]!
            const isLed = partition.leader === node
            const from = partition.batches.filter((b) => new BatchView(b).nextOffset > fetchOffset)
            return {
              partitionIndex,
              errorCode: isLed ? 0 : errors.NOT_LEADER_OR_FOLLOWER,
              highWatermark: partition.end,
              abortedTransactions: null,
              // The last batch is cut, as Kafka may cut it.
              records: isLed ? Buffer.concat([...from.slice(0, 2), ...cut(from[2])]) : null,
            }
          }),
        },
      ],
    }
  }

  #listOffsets(request: RequestOf<typeof ListOffsets>): ResponseDraft<typeof ListOffsets> {
    return {
      topics: request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }) => ({
          partitionIndex,
          errorCode: 0,
          offset: timestamp === -2 ? 0 : this.#only()[partitionIndex]!.end,
        })),
      })),
    }
  }
}

function cut(batch: Buffer | undefined): Buffer[] {
  return batch === undefined ? [] : [batch.subarray(0, batch.length - 5)]
}
