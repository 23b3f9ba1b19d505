// kill -9 and start again on the same directory: how long until every partition is served and the next
// record is acknowledged. Both brokers keep their own session times here.
import type { Cluster } from '../../test/apache/cluster.ts'
import { answer, list } from '../../test/interop/ask.ts'
import { RawClient } from '../../test/oracle/raw-client.ts'
import { runLoad } from '../method/load.ts'
import { recyclePages } from '../method/pages.ts'
import { allPartitions, createTopics, produceInto, untilDone } from '../method/raw.ts'
import { TOPIC_SETTINGS } from '../servers/settings.ts'
import type { Measurement, Place, Target, Workload } from '../workload.ts'
import { unknownSteal } from './shapes.ts'

const PER_TOPIC = 100

function kill(name: string, answers: string, rest: Omit<Workload, 'name' | 'answers' | 'peers'>) {
  return { name, answers, peers: ['samsa', 'apache'], isFresh: true, ...rest } as const
}

export const killSmall: Workload = kill(
  'kill-small',
  'How long after kill -9 does a small broker serve again?',
  {
    rows: [
      {
        figure: 'ms',
        what: 'kill -9 to serving again, small',
        unit: 'ms',
        better: 'less',
        digits: 0,
        goal: { atMost: 300 },
      },
    ],
    full: { rounds: 3, otherRounds: 0, size: { topics: 1, partitions: 3 }, seconds: 65 },
    measure: killed,
  },
)

export const killMany: Workload = kill(
  'kill-2000',
  'How long after kill -9 does a broker with 2,000 partitions serve all of them?',
  {
    rows: [
      {
        figure: 'ms',
        what: 'kill -9 to serving again, 2,000 partitions, all',
        unit: 'ms',
        better: 'less',
        digits: 0,
        goal: { atMost: 2000 },
      },
    ],
    full: { rounds: 2, otherRounds: 0, size: { topics: 20, partitions: PER_TOPIC }, seconds: 90 },
    measure: killed,
  },
)

export const killFull: Workload = kill(
  'kill-gigabyte',
  'How long does recovery take for each GB that was written since the last sync?',
  {
    rows: [
      {
        figure: 'ms',
        what: 'kill -9 to serving again, 1 GB unsynced in one partition',
        unit: 'ms',
        better: 'less',
        digits: 0,
      },
    ],
    full: {
      rounds: 2,
      otherRounds: 0,
      size: { topics: 1, partitions: 1, records: 1_000_000 },
      seconds: 65,
    },
    measure: killed,
  },
)

async function killed(
  target: Target,
  size: Readonly<Record<string, number>>,
): Promise<Measurement> {
  const place = await target.place()
  const cluster = await place.start()
  const partitions = size['partitions']!
  const names = Array.from({ length: size['topics']! }, (_, i) => `kept-${i}`)
  const settings = { ...TOPIC_SETTINGS, 'segment.bytes': String(2 ** 30) }
  for (const name of names) await createTopics(cluster.bootstrap, [name], { partitions, settings })
  await produceAll(cluster, names, partitions)
  const records = size['records'] ?? 0
  if (records > 0) {
    recyclePages(records * 1000)
    const options = { topic: names[0]!, records, bytes: 1000 }
    await runLoad(cluster, { program: 'clients', mode: 'produce', options })
  }
  await cluster.kill()
  return { figures: { ms: await startAgain(place, names, partitions) }, steal: unknownSteal }
}

async function produceAll(
  { bootstrap }: Cluster,
  names: readonly string[],
  partitions: number,
): Promise<void> {
  const pending = allPartitions(names, partitions)
  await untilDone(performance.now(), 120_000, async () => {
    const client = await RawClient.open(bootstrap)
    try {
      await produceInto(client, pending)
    } finally {
      client.close()
    }
  })
}

/** From the start of the process until all have a leader and each takes a record. */
async function startAgain(
  place: Place,
  names: readonly string[],
  partitions: number,
): Promise<number> {
  const from = performance.now()
  const starting = place.start()
  const endpoint = { host: '127.0.0.1', port: place.port! }
  const pending = allPartitions(names, partitions)
  const ms = await untilDone(from, 120_000, async () => {
    const client = await RawClient.open(endpoint)
    try {
      const topics = names.map((name) => ({ name }))
      const request = { topics, allowAutoTopicCreation: false }
      const metadata = await answer(client, 'Metadata', 9, request)
      const found = list(metadata, 'topics').flatMap((topic) => list(topic, 'partitions'))
      const served = found.filter(({ errorCode }) => errorCode === 0).length
      if (served < names.length * partitions) throw new Error(`${served} partitions are served`)
      await produceInto(client, pending)
    } finally {
      client.close()
    }
  })
  await (await starting).kill()
  return ms
}
