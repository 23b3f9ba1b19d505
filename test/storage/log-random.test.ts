import { expect, test } from 'vitest'
import { type Random, below, seededRandom } from '../../base/random.ts'
import { Codecs } from '../../protocol/records/compression/codecs.ts'
import { BatchView } from '../../protocol/records/batch.ts'
import type { Survival } from '../../storage/fs/memory-fs.ts'
import { offsetForTimestamp } from '../../storage/time-search.ts'
import { seedsOf } from '../support/seeds.ts'
import { LogKit, NOW, records } from './log-kit.ts'
import { LogModel } from './log-model.ts'

const WEIGHTS = {
  append: 35,
  flush: 20,
  read: 20,
  sync: 5,
  byTime: 5,
  truncate: 3,
  deleteRecords: 3,
  raiseEpoch: 3,
  cleanRestart: 3,
  crash: 3,
} as const
const RUNS = 40
const STEPS = 120

/** One log, one model, and what the partition layer keeps in checkpoint files. */
class Run {
  readonly random: Random
  readonly kit: LogKit
  readonly model = new LogModel()
  checkpoint = 0
  startCheckpoint = 0
  epoch = 0
  time = NOW
  sequences = new Map<number, number>()

  constructor(seed: number) {
    this.random = seededRandom(seed)
    const segmentBytes = [600, 3000, 100_000][below(this.random, 3)]!
    this.kit = new LogKit({ segmentBytes, indexIntervalBytes: 200 }, 96 * 1024)
  }

  step(): string {
    let dice = below(this.random, 100)
    for (const [name, weight] of Object.entries(WEIGHTS)) {
      dice -= weight
      if (dice >= 0) continue
      this[name as keyof typeof WEIGHTS]()
      return name
    }
    return 'nothing'
  }

  raiseEpoch(): void {
    this.epoch++
  }

  append(): void {
    const { random, kit, model } = this
    const size = [5, 200, 3000][below(random, 3)]!
    this.time += below(random, 50) - 10
    const producerId = 100 + below(random, 3)
    const count = 1 + below(random, 4)
    const baseSequence = this.sequences.get(producerId) ?? 0
    const batch = records(count, {
      baseOffset: model.end,
      partitionLeaderEpoch: this.epoch,
      timestamp: this.time,
      text: 'x'.repeat(below(random, size)),
      ...(below(random, 2) === 0 ? { producerId, producerEpoch: 0, baseSequence } : {}),
    })
    this.sequences.set(producerId, baseSequence + count)
    kit.log.append(batch, 0, batch.length, this.epoch)
    model.append(batch)
    if (below(random, 2) === 0) this.flush()
  }

  flush(): void {
    expect(this.kit.log.flushWrites()).toBeUndefined()
    this.model.written = this.model.end
  }

  sync(): void {
    if (below(this.random, 2) === 0) expect(this.kit.log.sync()).toBeUndefined()
    else this.kit.log.syncLater((failure) => expect(failure).toBeUndefined())
    this.model.written = this.model.end
    this.kit.clock.settle()
    this.noteSynced()
    expect(this.kit.log.recoveryPoint).toBe(this.model.end)
  }

  noteSynced(): void {
    this.model.synced = Math.max(this.model.synced, this.kit.log.recoveryPoint)
    if (below(this.random, 2) === 0) this.checkpoint = this.kit.log.recoveryPoint
  }

  read(): void {
    const { random, model, kit } = this
    const offset = model.start - 1 + below(random, model.end - model.start + 3)
    const upTo = below(random, 3) === 0 ? below(random, model.end + 2) : Infinity
    model.checkRead(kit.log, offset, below(random, 8000), upTo)
  }

  byTime(): void {
    const { log } = this.kit
    const target = NOW + below(this.random, Math.max(1, this.time - NOW + 20))
    const options = { codecs: new Codecs(), maxDecompressedBytes: 1e6 }
    const found = offsetForTimestamp(log, target, options)
    let expected: number | undefined
    for (const batch of this.model.readable(this.model.start, Infinity)) {
      const view = new BatchView(batch)
      const delta = Math.max(0, target - view.baseTimestamp, this.model.start - view.baseOffset)
      if (view.baseOffset + delta <= view.lastOffset) expected ??= view.baseOffset + delta
    }
    expect(found?.offset).toBe(expected)
  }

  truncate(): void {
    const boundaries = this.model.boundaries()
    const offset = boundaries[below(this.random, boundaries.length)]!
    expect(this.kit.log.truncateTo(offset)).toBeUndefined()
    if (offset < this.model.end) this.model.truncateTo(offset)
    this.model.written = this.model.end
    this.checkpoint = Math.min(this.checkpoint, this.kit.log.recoveryPoint)
    this.startCheckpoint = this.kit.log.logStartOffset
  }

  deleteRecords(): void {
    const { model, kit } = this
    const offset = model.start + below(this.random, model.written - model.start + 1)
    expect(kit.log.deleteRecordsBefore(offset)).toBeUndefined()
    model.start = Math.max(model.start, offset)
    this.startCheckpoint = model.start
    if (below(this.random, 2) === 0) return
    this.flush()
    kit.clock.advance(120_000)
  }

  cleanRestart(): void {
    this.flush()
    expect(this.kit.log.close()).toBeUndefined()
    this.model.synced = this.model.end
    this.kit.reports.length = 0
    this.kit.open({ logStartOffset: this.startCheckpoint, recoveryPoint: this.model.end })
    expect(this.kit.reports).toEqual([])
    this.checkpoint = this.model.end
  }

  crash(): void {
    const outcomes: Survival[] = ['synced', 'written', 'torn']
    this.noteSynced()
    const power = below(this.random, 2) === 0
    const survives = () => (power ? outcomes[below(this.random, 3)]! : 'written')
    this.kit.memory.crash(survives)
    this.kit.open({
      cleanShutdown: false,
      logStartOffset: this.startCheckpoint,
      recoveryPoint: this.checkpoint,
    })
    if (!power) expect(this.kit.log.logEndOffset).toBe(this.model.written)
    this.model.crashed(this.kit.log)
    this.sequences = new Map()
  }

  /** The producers a fresh replay of all batches would know. */
  checkProducers(): void {
    const last = new Map<number, number>()
    for (const batch of this.model.batches) {
      const view = new BatchView(batch)
      if (view.hasProducerId) last.set(view.producerId, view.lastOffset)
    }
    for (const entry of this.kit.log.producers.entries()) {
      expect(entry.batches.at(-1)?.lastOffset).toBe(last.get(entry.producerId))
    }
    for (const [producerId, lastOffset] of last) {
      if (lastOffset < this.model.start) continue
      expect(this.kit.log.producers.get(producerId)?.batches.at(-1)?.lastOffset).toBe(lastOffset)
    }
  }
}

test.each(seedsOf(1, RUNS))(`seed %i: ${STEPS} random operations agree with the model`, (seed) => {
  const run = new Run(seed)
  const steps: string[] = []
  try {
    while (steps.length < STEPS) {
      steps.push('…')
      steps[steps.length - 1] = run.step()
      run.model.check(run.kit.log)
      run.checkProducers()
    }
  } catch (error) {
    const last = steps.slice(-12).join(' ')
    throw new Error(`seed ${seed}, step ${steps.length} (${last}): ${String(error)}`, {
      cause: error,
    })
  }
})
