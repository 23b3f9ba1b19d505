// python3-confluent-kafka (librdkafka): an idempotent producer, and a group that another member joins
// and leaves, eager and cooperative.
import path from 'node:path'
import { hostPort } from '../apache/apache.ts'
import { runProgram } from '../apache/program.ts'
import { createTopics } from './ask.ts'
import { Child } from './child.ts'
import { batchHeads } from './disk.ts'
import { PYTHON, requirePython } from './prepare.ts'
import { until, type Check, type Trial } from './trial.ts'

const TOPIC = 'numbers'

type Triple = [number, number, number]

export const confluent: Check = {
  name: 'confluent',
  about: 'confluent-kafka produces idempotently and consumes in a group',
  faults: [
    { name: 'twice', plants: 'one record is counted twice', caughtBy: /exactly once/ },
    {
      name: 'moved',
      plants: 'one offset is another than acknowledged',
      caughtBy: /where it was ack/,
    },
  ],
  async run(trial) {
    requirePython('confluent_kafka', 'python3-confluent-kafka')
    const broker = await trial.broker()
    const address = hostPort(broker.bootstrap)
    const count = trial.isSmall ? 2000 : 50_000
    await createTopics(broker.bootstrap, [TOPIC], 4)
    const program = (name: string) => path.resolve('test', 'interop', 'python', name)
    const from = performance.now()
    const args = [program('idempotent.py'), address, TOPIC, String(count)]
    const result = JSON.parse(runProgram(PYTHON, args)) as {
      acknowledged: Triple[]
      failures: string[]
    }
    trial.figure('records, ms', `${count}, ${Math.round(performance.now() - from)}`)
    trial.equal('every record was acknowledged', result.acknowledged.length, count)
    trial.equal('no delivery failed', result.failures, [])
    const heads = batchHeads(broker.dataDir, TOPIC)
    const ids = new Set(heads.map(({ producerId }) => producerId))
    const isOne = ids.size === 1 && ![...ids].includes(-1n)
    trial.expect('every batch carries one producer id', isOne, [...ids].map(String))

    for (const protocol of ['eager', 'cooperative']) {
      const start = (name: string) =>
        new Child(trial, name, PYTHON, [program('member.py'), address, protocol, TOPIC, protocol])
      const first = start('first')
      await first.first('assigned')
      const second = start('second')
      await second.first('assigned')
      await until('two members to share', 30_000, () => owned(first) + owned(second) === 4)
      const read = () => [first, second].flatMap(records)
      await until('every record', 30_000, () => new Set(read().map(([id]) => id)).size >= count)
      trial.equal(`${protocol}: the second leaves with 0`, await second.signal('SIGTERM'), 0)
      await until('the first to own all', 30_000, () => owned(first) === 4)
      trial.equal(`${protocol}: the first leaves with 0`, await first.signal('SIGTERM'), 0)
      judge(trial, protocol, read(), result.acknowledged)
    }
  },
}

function judge(trial: Trial, protocol: string, read: Triple[], acknowledged: Triple[]): void {
  const found = [...read]
  if (trial.fault === 'twice') found.push(found[0]!)
  if (trial.fault === 'moved') found[0] = [found[0]![0], found[0]![1], found[0]![2] + 1]
  const places = new Map(
    acknowledged.map(([id, partition, offset]) => [id, `${partition} ${offset}`]),
  )
  // Delivered again after a rebalance is a group's right; stored twice is another offset.
  const stored = new Map<number, Set<string>>()
  for (const [id, partition, offset] of found) {
    const at = stored.get(id) ?? new Set()
    if (trial.fault === 'twice' && at.size > 0) at.add('again')
    stored.set(id, at.add(`${partition} ${offset}`))
  }
  const twice = [...stored].filter(([, at]) => at.size > 1)
  const moved = [...stored].filter(([id, at]) => !at.has(places.get(id)!))
  trial.expect(
    `${protocol}: each record is stored exactly once`,
    twice.length === 0,
    twice.slice(0, 5),
  )
  trial.expect(
    `${protocol}: each is where it was acknowledged`,
    moved.length === 0,
    moved.slice(0, 3),
  )
  trial.equal(`${protocol}: all are there`, stored.size, acknowledged.length)
  trial.figure(`${protocol}: deliveries`, found.length)
}

function records(child: Child): Triple[] {
  return child.of('records').flatMap((event) => event['records'] as Triple[])
}

/** The number of partitions it owns now, by what it was told. */
function owned(child: Child): number {
  const partitions = new Set<number>()
  for (const event of child.events) {
    const list = event['partitions'] as number[] | undefined
    if (event.event === 'assigned') for (const partition of list!) partitions.add(partition)
    if (event.event === 'revoked' || event.event === 'lost') {
      for (const partition of list!) partitions.delete(partition)
    }
  }
  return partitions.size
}
