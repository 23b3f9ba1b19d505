import { describe, expect, test } from 'vitest'
import { ZERO_UUID } from '../../base/uuid.ts'
import { errors } from '../../protocol/errors.ts'
import {
  fetchKey,
  type FetchOutcome,
  type FetchPartition,
  FetchSessions,
} from '../../src/partition/fetch-session.ts'

const LIMITS = { slots: 2, evictionMs: 1000, partitions: 5 }

function asked(topic: string, partition: number, fetchOffset = 0): FetchPartition {
  return {
    key: fetchKey(topic, ZERO_UUID, partition),
    topic,
    topicId: ZERO_UUID,
    partition,
    maxBytes: 100,
    fetchOffset,
    currentLeaderEpoch: -1,
    logStartOffset: -1,
    lastFetchedEpoch: -1,
    toldHighWatermark: -1,
    toldLogStartOffset: -1,
  }
}

function outcome(highWatermark: number, recordsBytes = 0, errorCode = 0): FetchOutcome {
  return { errorCode, highWatermark, logStartOffset: 0, recordsBytes, mustSend: false }
}

class Bench {
  now = 0
  #id = 0
  readonly sessions = new FetchSessions(
    LIMITS,
    () => this.now,
    () => ++this.#id,
  )

  /** One fetch that finds `outcomes` for whatever the context lists. */
  fetch(
    id: number,
    epoch: number,
    options: {
      partitions?: FetchPartition[]
      forgotten?: string[]
      version?: number
      isFollower?: boolean
      outcomes?: (partition: FetchPartition) => FetchOutcome
    } = {},
  ) {
    const context = this.sessions.begin(
      {
        version: options.version ?? 12,
        sessionId: id,
        sessionEpoch: epoch,
        isFollower: options.isFollower ?? false,
        partitions: options.partitions ?? [],
        forgotten: options.forgotten ?? [],
      },
      () => undefined,
    )
    const read = [...context.partitions]
    const frame = context.finish(read, read.map(options.outcomes ?? (() => outcome(5))))
    return { ...frame, sent: frame.send.map((i) => read[i]!.partition), read }
  }
}

describe('incremental fetch sessions', () => {
  test('a full fetch opens a session, and an idle one then sends nothing', () => {
    const bench = new Bench()
    const full = bench.fetch(0, 0, { partitions: [asked('t', 0), asked('t', 1)] })
    expect(full).toMatchObject({ errorCode: errors.NONE, sessionId: 1, sent: [0, 1] })
    expect(bench.fetch(1, 1).sent).toEqual([])
    expect(bench.fetch(1, 2, { outcomes: ({ partition }) => outcome(5 + partition) }).sent).toEqual(
      [1],
    )
  })

  test('epoch -1 closes the session and opens none', () => {
    const bench = new Bench()
    bench.fetch(0, 0, { partitions: [asked('t', 0)] })
    expect(bench.fetch(1, -1, { partitions: [asked('t', 0)] })).toMatchObject({
      sessionId: 0,
      sent: [0],
    })
    expect(bench.fetch(1, 1).errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND)
  })

  test('an unknown session, a wrong epoch and a change between names and ids are refused', () => {
    const bench = new Bench()
    bench.fetch(0, 0, { partitions: [asked('t', 0)] })
    expect(bench.fetch(9, 1).errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND)
    expect(bench.fetch(1, 7).errorCode).toBe(errors.INVALID_FETCH_SESSION_EPOCH)
    expect(bench.fetch(1, 1, { version: 13 }).errorCode).toBe(errors.FETCH_SESSION_TOPIC_ID_ERROR)
  })

  test('all sessions together list no more partitions than allowed', () => {
    const bench = new Bench()
    const some = (topic: string, count: number): FetchPartition[] =>
      Array.from({ length: count }, (_, i) => asked(topic, i))
    expect(bench.fetch(0, 0, { partitions: some('t', 6) })).toMatchObject({ sessionId: 0 })
    expect(bench.fetch(0, 0, { partitions: some('t', 3) }).sessionId).toBe(1)
    expect(bench.fetch(0, 0, { partitions: some('u', 3) }).sessionId).toBe(0)
    expect(bench.fetch(1, 1, { partitions: some('v', 2) }).errorCode).toBe(errors.NONE)
    const grown = bench.fetch(1, 2, { partitions: some('w', 1) })
    expect(grown.errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND)
    // What the session held is free again.
    expect(bench.fetch(0, 0, { partitions: some('t', 5) }).sessionId).toBe(2)
    expect(bench.fetch(2, 1, { forgotten: [some('t', 1)[0]!.key] }).errorCode).toBe(errors.NONE)
    expect(bench.fetch(2, 2, { partitions: some('u', 1) }).errorCode).toBe(errors.NONE)
  })

  test('partitions are added, changed and forgotten; an empty session closes', () => {
    const bench = new Bench()
    bench.fetch(0, 0, { partitions: [asked('t', 0)] })
    const grown = bench.fetch(1, 1, { partitions: [asked('t', 0, 3), asked('u', 2)] })
    expect(grown.read.map(({ fetchOffset }) => fetchOffset)).toEqual([3, 0])
    const gone = bench.fetch(1, 2, {
      forgotten: [fetchKey('t', ZERO_UUID, 0), fetchKey('u', ZERO_UUID, 2)],
    })
    expect(gone).toMatchObject({ errorCode: errors.NONE, sessionId: 0 })
    expect(bench.sessions.size).toBe(0)
  })

  test('a partition that returned records is read last the next time', () => {
    const bench = new Bench()
    bench.fetch(0, 0, { partitions: [asked('t', 0), asked('t', 1)] })
    bench.fetch(1, 1, { outcomes: ({ partition }) => outcome(5, partition === 0 ? 10 : 0) })
    expect(bench.fetch(1, 2).read.map(({ partition }) => partition)).toEqual([1, 0])
  })

  test('an error is sent each time, and its end as well', () => {
    const bench = new Bench()
    bench.fetch(0, 0, { partitions: [asked('t', 0)] })
    const failing = { outcomes: () => outcome(-1, 0, errors.UNKNOWN_TOPIC_OR_PARTITION) }
    expect(bench.fetch(1, 1, failing).sent).toEqual([0])
    expect(bench.fetch(1, 2, failing).sent).toEqual([0])
    expect(bench.fetch(1, 3).sent).toEqual([0])
    expect(bench.fetch(1, 4).sent).toEqual([])
  })

  test('with every slot taken a fresh session does not displace fresh ones, but stale ones', () => {
    const bench = new Bench()
    const partitions = () => [asked('t', 0)]
    bench.fetch(0, 0, { partitions: partitions() })
    bench.fetch(0, 0, { partitions: partitions() })
    expect(bench.fetch(0, 0, { partitions: partitions() }).sessionId).toBe(0)
    bench.now = 2000
    expect(bench.fetch(0, 0, { partitions: partitions() }).sessionId).toBe(3)
    expect(bench.fetch(1, 1).errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND)
  })

  test('a follower displaces a fresh consumer, a consumer never a follower', () => {
    const bench = new Bench()
    bench.fetch(0, 0, { partitions: [asked('t', 0)] })
    bench.fetch(0, 0, { partitions: [asked('t', 0)], isFollower: true })
    expect(bench.fetch(0, 0, { partitions: [asked('t', 0)], isFollower: true }).sessionId).toBe(3)
    expect(bench.fetch(1, 1).errorCode).toBe(errors.FETCH_SESSION_ID_NOT_FOUND)
    expect(bench.fetch(0, 0, { partitions: [asked('t', 0)] }).sessionId).toBe(0)
  })
})
