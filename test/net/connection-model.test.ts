// Random requests, cut anywhere, answered in any order, read by a peer that pauses and resumes:
// whatever happens, effects start in the allowed order and replies leave in the order of requests.
import { expect, test } from 'vitest'
import { below, seededRandom } from '../../base/random.ts'
import type { Connection } from '../../src/net/connection.ts'
import type { ReplySlot } from '../../src/net/reply-slot.ts'
import { seedsOf } from '../support/seeds.ts'
import { reply, request, World } from './kit.ts'
import type { Raw } from './kit.ts'

type Kind = 'echo' | 'park' | 'fixed' | 'skip'
const KINDS: readonly Kind[] = ['echo', 'echo', 'park', 'fixed', 'fixed', 'skip']

interface Running {
  readonly number: number
  readonly kind: Kind
  readonly slot: ReplySlot<Connection>
  readonly body: string
}

interface Run {
  readonly world: World
  readonly peer: Raw
  readonly running: Running[]
  readonly wanted: string[]
}

/** A started request must find everything before it answered, Produce behind Produce excepted. */
function checkStart(running: readonly Running[], kind: Kind, number: number): void {
  const isProduce = kind === 'fixed' || kind === 'skip'
  for (const before of running) {
    expect(isProduce && before.kind === 'fixed', `${number} behind ${before.number}`).toBe(true)
  }
}

async function start(seed: number): Promise<Run> {
  const random = seededRandom(seed)
  const running: Running[] = []
  let next = 0
  const window = { windowBytes: 100 + below(random, 20_000), chunkBytes: 1 + below(random, 3000) }
  const limits = { maxQueuedBytes: 500, maxUnsentBytes: 500, maxPendingRequests: 3 }
  const world = await World.start({ window, limits }, (slot, frame, from, to) => {
    const body = frame.toString('latin1', from + 2, to)
    const [word, number] = body.split(' ')
    const kind = word as Kind
    expect(Number(number)).toBe(next++)
    checkStart(running, kind, next - 1)
    if (kind === 'echo') slot.fill([reply(body)])
    else if (kind === 'skip') slot.skip()
    else running.push({ number: next - 1, kind, slot, body })
    if (kind === 'park') return 'pending'
    return kind === 'fixed' ? 'pending-order-fixed' : 'answered'
  })
  return { world, peer: world.connect(), running, wanted: [] }
}

function answerOne(run: Run, index: number): void {
  const [found] = run.running.splice(index, 1)
  found!.slot.fill([reply(found!.body)])
}

test.each(seedsOf(1000, 60))('seed %i', async (seed) => {
  const random = seededRandom(seed * 7)
  const run = await start(seed)
  let number = 0
  for (let step = 0; step < 300; step++) {
    switch (below(random, 6)) {
      case 0:
      case 1: {
        const kind = KINDS[below(random, KINDS.length)]!
        const body = `${kind} ${number++} ${'.'.repeat(below(random, step % 20 === 0 ? 5000 : 200))}`
        run.peer.socket!.send([request(kind === 'fixed' || kind === 'skip' ? 0 : 3, body)])
        if (kind !== 'skip') run.wanted.push(body)
        break
      }
      case 2:
        if (run.running.length > 0) answerOne(run, below(random, run.running.length))
        break
      case 3:
        run.peer.socket!.pause()
        break
      case 4:
        run.peer.socket!.resume()
        break
      default:
        run.world.clock.runTurn()
    }
    const got = run.peer.replies()
    expect(got.slice(0, -1)).toEqual(run.wanted.slice(0, Math.max(0, got.length - 1)))
  }
  run.peer.socket!.resume()
  run.world.clock.settle()
  while (run.running.length > 0) {
    answerOne(run, below(random, run.running.length))
    run.world.clock.settle()
  }
  expect(run.peer.replies()).toEqual(run.wanted)
  expect(run.world.budget.bytes()).toBe(0)
})
