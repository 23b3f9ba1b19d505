// A mixed workload that is killed at any moment, and what a client may hold against the broker
// afterwards: whatever was acknowledged is there, exactly once and in order; what was deleted stays
// deleted; committed offsets never go back.
import { expect } from 'vitest'
import { below, type Random, seededRandom } from '../../base/random.ts'
import { Produce } from '../../protocol/api/00-produce.ts'
import { Metadata } from '../../protocol/api/03-metadata.ts'
import { OffsetCommit } from '../../protocol/api/08-offset-commit.ts'
import { OffsetFetch } from '../../protocol/api/09-offset-fetch.ts'
import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import { CreateTopics } from '../../protocol/api/19-create-topics.ts'
import { DeleteTopics } from '../../protocol/api/20-delete-topics.ts'
import { InitProducerId } from '../../protocol/api/22-init-producer-id.ts'
import { errors } from '../../protocol/errors.ts'
import { batchOf } from './batches.ts'
import type { Survival } from '../../storage/fs/memory-fs.ts'
import { BrokerBench } from './broker-bench.ts'
import type { RawLink, Sent } from './raw-link.ts'
import { append, createTopic, newTopic, produceDraft, produced, readAll } from './requests.ts'

const STABLE = 'stable'
const PARTITIONS = 2
const NAMES = ['x0', 'x1', 'x2']
/** A producer may have so many batches on their way. */
const IN_FLIGHT = 5

interface Batch {
  readonly sequence: number
  readonly values: readonly string[]
  readonly acks: number
}

/** kill: what was written stays. power failure: what was synced stays, of the rest anything. */
type End = 'kill' | 'power failure'

const SURVIVALS: readonly Survival[] = ['synced', 'torn', 'written']

/** A request of this incarnation. */
interface InFlight {
  readonly link: RawLink
  readonly sent: Sent<unknown>
  /** Looks at the reply, if there is one. */
  settled(): void
}

export class CrashModel {
  readonly #random: Random
  readonly #end: End
  readonly #bench: BrokerBench
  #producer: RawLink
  #committer: RawLink
  #admin: RawLink
  #producerId = -1
  /** Of each partition: every value that was ever sent, and the batches not acknowledged yet. */
  readonly #sent: string[][] = [[], []]
  readonly #open: Batch[][] = [[], []]
  readonly #acknowledged = [0, 0]
  #commitSent = 0
  #commitAcknowledged = 0
  /** What is known of a topic: its id, null for deleted; undefined when a request was cut off. */
  readonly #topics = new Map<string, string | null | undefined>(NAMES.map((name) => [name, null]))
  readonly #flying: InFlight[] = []
  crashes = 0

  private constructor(bench: BrokerBench, seed: number, end: End) {
    this.#bench = bench
    this.#end = end
    this.#random = seededRandom(seed)
    this.#producer = bench.link()
    this.#committer = bench.link()
    this.#admin = bench.link()
  }

  static async start(seed: number, end: End): Promise<CrashModel> {
    const bench = await BrokerBench.start({ seed })
    const model = new CrashModel(bench, seed, end)
    createTopic(model.#admin, STABLE, {
      partitions: PARTITIONS,
      configs: { 'internal.segment.bytes': '500' },
    })
    model.#admin.ask(FindCoordinator, 4, { coordinatorKeys: ['g'] })
    const init = { transactionalId: null, transactionTimeoutMs: 1000 }
    model.#producerId = model.#producer.ask(InitProducerId, 4, init).producerId
    return model
  }

  /** Sends some requests and kills the broker somewhere on their way; then looks at what is
   * left. */
  async round(): Promise<void> {
    for (let count = 1 + below(this.#random, 8); count > 0; count--) this.#sendSomething()
    this.#run()
    for (const flying of this.#flying.splice(0)) flying.settled()
    this.#crash()
    while (below(this.#random, 3) === 0) await this.#killWhileStarting()
    await this.#bench.start()
    this.#producer = this.#bench.link()
    this.#committer = this.#bench.link()
    this.#admin = this.#bench.link()
    this.#checkTopics()
    this.#checkCommit()
    this.#checkRecords()
  }

  /** Some turns, all of them, up to a file operation in the middle of one, or beyond a
   * failed one. */
  #run(): void {
    const { clock } = this.#bench
    const how = below(this.#random, 5)
    if (how === 0) return this.#bench.settle()
    if (how === 1) {
      this.#killAfter(below(this.#random, 30))
      return this.#bench.settle()
    }
    if (how === 2) {
      this.#failOnce(below(this.#random, 30))
      this.#bench.advance(10_000)
      // Nobody is left waiting.
      for (const { link, sent } of this.#flying) {
        if (link.state() === 'open') expect(sent.reply).toBeDefined()
      }
      return
    }
    for (let turns = below(this.#random, 16); turns > 0; turns--) clock.runTurn()
  }

  #crash(): void {
    this.crashes++
    if (this.#end === 'kill') return this.#bench.crash()
    const any = (): Survival => SURVIVALS[below(this.#random, SURVIVALS.length)]!
    // What is lost of one log and kept of a later segment would be a hole, as in Apache Kafka.
    const ofRecords = any()
    this.#bench.crash((path) => {
      // The data directory itself was there before.
      if (path === '') return 'written'
      return path.includes(`/${STABLE}-`) ? ofRecords : any()
    })
  }

  async #killWhileStarting(): Promise<void> {
    this.#killAfter(below(this.#random, 80))
    const [outcome] = await Promise.allSettled([this.#bench.start()])
    // It fails, if it came that far; it never hangs.
    if (outcome.status === 'rejected') expect(outcome.reason).not.toHaveProperty('matcherResult')
    this.#crash()
  }

  #killAfter(operations: number): void {
    const { files } = this.#bench
    const last = files.operations.length + operations
    const bytes = below(this.#random, 100)
    files.decide(({ index }) => (index >= last ? { kind: 'die', bytes } : undefined))
  }

  /** One operation fails; the broker lives on for a while. */
  #failOnce(operations: number): void {
    const { files } = this.#bench
    const at = files.operations.length + operations
    const code = below(this.#random, 2) === 0 ? 'EIO' : 'ENOSPC'
    files.decide(({ index }) => (index === at ? { kind: 'fail', code } : undefined))
  }

  #sendSomething(): void {
    const choice = below(this.#random, 10)
    if (choice < 5) this.#produce(below(this.#random, PARTITIONS))
    else if (choice < 7) this.#commit()
    else this.#createOrDelete(NAMES[below(this.#random, NAMES.length)]!)
  }

  #produce(partition: number): void {
    const open = this.#open[partition]!
    const all = this.#sent[partition]!
    if (open.length >= IN_FLIGHT) return
    const count = 1 + below(this.#random, 3)
    const values = Array.from({ length: count }, (_, i) => `${partition}:${all.length + i}`)
    const acks = below(this.#random, 2) === 0 ? 1 : -1
    const batch = { sequence: all.length, values, acks }
    all.push(...values)
    open.push(batch)
    const draft = this.#draft(partition, batch)
    const link = this.#producer
    const sent = link.send(Produce, 9, draft)
    this.#watch(link, sent, () => {
      if (sent.reply === undefined) return
      const { errorCode, baseOffset } = produced(sent.reply)
      // A dying disk may refuse; what it acknowledges must be there.
      if (errorCode !== errors.NONE) return
      expect(baseOffset).toBe(batch.sequence)
      open.splice(open.indexOf(batch), 1)
      this.#acknowledged[partition] = batch.sequence + values.length
    })
  }

  #draft(partition: number, { sequence, values, acks }: Batch) {
    const producer = { producerId: this.#producerId, producerEpoch: 0, baseSequence: sequence }
    // What a power failure took leaves a gap in the sequence of an idempotent producer.
    const fields = this.#end === 'kill' ? producer : {}
    return produceDraft(STABLE, batchOf(values, fields), { partition, acks })
  }

  #commit(): void {
    const committedOffset = ++this.#commitSent
    const partition = { partitionIndex: 0, committedOffset, committedMetadata: 'm' }
    const topics = [{ name: STABLE, partitions: [partition] }]
    const link = this.#committer
    const sent = link.send(OffsetCommit, 8, { groupId: 'g', memberId: '', topics })
    this.#watch(link, sent, () => {
      const errorCode = sent.reply?.topics[0]!.partitions[0]!.errorCode
      if (errorCode === errors.NONE) this.#commitAcknowledged = committedOffset
    })
  }

  #createOrDelete(name: string): void {
    const known = this.#topics.get(name)
    // One request at a time on a name, so that its outcome is known.
    if (known === undefined) return
    this.#topics.set(name, undefined)
    const link = this.#admin
    if (known === null) {
      const draft = { topics: [newTopic(name, 1)], timeoutMs: 1000 }
      const sent = link.send(CreateTopics, 7, draft)
      this.#watch(link, sent, () => {
        const topic = sent.reply?.topics[0]
        if (topic?.errorCode === errors.NONE) this.#topics.set(name, topic.topicId)
      })
    } else {
      const sent = link.send(DeleteTopics, 5, { topicNames: [name], timeoutMs: 1000 })
      this.#watch(link, sent, () => {
        if (sent.reply?.responses[0]!.errorCode === errors.NONE) this.#topics.set(name, null)
      })
    }
  }

  #watch(link: RawLink, sent: Sent<unknown>, settled: () => void): void {
    this.#flying.push({ link, sent, settled })
  }

  #checkTopics(): void {
    const { topics } = this.#admin.ask(Metadata, 12, { topics: null })
    const found = new Map(topics.map(({ name, topicId }) => [name, topicId]))
    for (const [name, known] of this.#topics) {
      const id = found.get(name) ?? null
      if (known !== undefined) expect(`${name} ${id}`).toBe(`${name} ${known}`)
      this.#topics.set(name, id)
      if (id === null) continue
      // Only records of this topic, never of an earlier one with its name.
      const values = readAll(this.#admin, name)
      expect(values.every((value) => value === id)).toBe(true)
      append(this.#admin, name, [id])
    }
  }

  #checkCommit(): void {
    const groups = [{ groupId: 'g', topics: [{ name: STABLE, partitionIndexes: [0] }] }]
    const { groups: found } = this.#committer.ask(OffsetFetch, 8, { groups, requireStable: false })
    const { committedOffset } = found[0]!.topics[0]!.partitions[0]!
    if (this.#end === 'power failure') this.#commitAcknowledged = 0
    if (this.#commitAcknowledged === 0 && committedOffset === -1) return
    expect(committedOffset).toBeGreaterThanOrEqual(this.#commitAcknowledged)
    expect(committedOffset).toBeLessThanOrEqual(this.#commitSent)
    this.#commitAcknowledged = committedOffset
  }

  #checkRecords(): void {
    for (const [partition, all] of this.#sent.entries()) {
      const found = readAll(this.#producer, STABLE, partition)
      expect(found).toEqual(all.slice(0, found.length))
      if (this.#end === 'power failure') {
        // Records wait for the page cache, as in Apache Kafka: some of the last may be gone.
        all.length = found.length
        this.#open[partition] = []
        this.#acknowledged[partition] = found.length
        continue
      }
      expect(found.length).toBeGreaterThanOrEqual(this.#acknowledged[partition]!)
      // An idempotent producer sends again what it does not know of: nothing may come twice.
      for (const batch of this.#open[partition]!.splice(0)) {
        const reply = produced(this.#producer.ask(Produce, 9, this.#draft(partition, batch)))
        expect([reply.errorCode, reply.baseOffset]).toEqual([errors.NONE, batch.sequence])
      }
      expect(readAll(this.#producer, STABLE, partition)).toEqual(all)
      this.#acknowledged[partition] = all.length
    }
  }
}
