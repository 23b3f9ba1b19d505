// How long a broker takes from the start of its process to the first answers that a client can use.
import type { Endpoint } from '../apache/cluster.ts'
import { RawClient } from '../oracle/raw-client.ts'
import { answer, list } from './ask.ts'
import { sleep } from './trial.ts'

/** Asks until Metadata shows a leader for each partition of these topics and a Fetch of the first
 * topic's partitions succeeds; resolves with the milliseconds since `from`. */
export async function untilServing(
  endpoint: Endpoint,
  topics: readonly string[],
  from: number,
): Promise<number> {
  for (;;) {
    const client = await RawClient.open(endpoint).catch(() => undefined)
    if (client !== undefined) {
      const isServing = await serves(client, topics).catch(() => false)
      client.close()
      if (isServing) return performance.now() - from
    }
    if (performance.now() - from > 30_000) throw new Error('it does not serve after 30 s')
    await sleep(3)
  }
}

async function serves(client: RawClient, topics: readonly string[]): Promise<boolean> {
  const metadata = await answer(client, 'Metadata', 9, {
    topics: topics.map((name) => ({ name })),
    allowAutoTopicCreation: false,
  })
  const found = list(metadata, 'topics')
  const hasLeaders = found.every(
    (topic) =>
      topic['errorCode'] === 0 &&
      list(topic, 'partitions').every((one) => one['errorCode'] === 0 && one['leaderId'] === 1),
  )
  if (!hasLeaders) return false
  const partitions = list(found[0]!, 'partitions').map(({ partitionIndex }) => ({
    partition: partitionIndex,
    fetchOffset: 0,
    partitionMaxBytes: 1000,
  }))
  const fetched = await answer(client, 'Fetch', 12, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1_000_000,
    sessionEpoch: -1,
    topics: [{ topic: topics[0], partitions }],
  })
  return list(fetched, 'responses').every((topic) =>
    list(topic, 'partitions').every((one) => one['errorCode'] === 0),
  )
}

export function spread(values: readonly number[], digits = 0): string {
  const sorted = [...values].sort((left, right) => left - right)
  const pick = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(digits)
  return `min ${pick(0)}, median ${pick(0.5)}, max ${pick(1)}`
}
