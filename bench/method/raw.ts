// Single requests from this process: set-up and clean-up around the load, and the few workloads whose
// figure is one request. The load itself comes from compiled programs.
import { readdirSync } from 'node:fs'
import type { Cluster, Endpoint } from '../../test/apache/cluster.ts'
import { answer, ask, list } from '../../test/interop/ask.ts'
import { sleep, until } from '../../test/interop/trial.ts'
import { batch } from '../../test/oracle/batch.ts'
import { RawClient } from '../../test/oracle/raw-client.ts'

export async function isAnswering(endpoint: Endpoint, timeoutMs: number): Promise<boolean> {
  const client = await RawClient.open(endpoint).catch(() => undefined)
  if (client === undefined) return false
  const outcome = await client.call('ApiVersions', 0, {}, { timeoutMs })
  client.close()
  return outcome.kind === 'reply'
}

export interface TopicShape {
  readonly partitions: number
  readonly settings?: Readonly<Record<string, string>>
}

export async function createTopics(
  endpoint: Endpoint,
  names: readonly string[],
  { partitions, settings = {} }: TopicShape,
): Promise<void> {
  const configs = Object.entries(settings).map(([name, value]) => ({ name, value }))
  const topics = names.map((name) => ({
    name,
    numPartitions: partitions,
    replicationFactor: 1,
    configs,
  }))
  const reply = await ask(endpoint, 'CreateTopics', 5, { topics, timeoutMs: 60_000 })
  refuse('CreateTopics', list(reply, 'topics'))
}

export async function deleteTopics(endpoint: Endpoint, names: readonly string[]): Promise<void> {
  const reply = await ask(endpoint, 'DeleteTopics', 5, { topicNames: names, timeoutMs: 60_000 })
  refuse('DeleteTopics', list(reply, 'responses'))
}

/** Its files too: a run does not begin while those of the one before are still being deleted. */
export async function removeTopics(cluster: Cluster, names: readonly string[]): Promise<void> {
  await deleteTopics(cluster.bootstrap, names)
  const isGone = () => !readdirSync(cluster.dataDir).some((name) => name.endsWith('-delete'))
  await until(`${cluster.name} to delete its files`, 60_000, isGone)
}

export function oneRecord(size: number): Buffer {
  return batch([{ key: 'key', value: 'v'.repeat(size) }], { baseTimestamp: Date.now() })
}

/** Partitions by topic that have not taken a record yet. */
export type Pending = Map<string, readonly number[]>

export function allPartitions(topics: readonly string[], partitions: number): Pending {
  const indexes = Array.from({ length: partitions }, (_, index) => index)
  return new Map(topics.map((name) => [name, indexes]))
}

/** One record into each of the pending partitions; those that took it are pending no more. Throws
 * while some are left, so that it can be tried again. */
export async function produceInto(client: RawClient, pending: Pending): Promise<void> {
  const records = oneRecord(100)
  const topicData = [...pending].map(([name, indexes]) => ({
    name,
    partitionData: indexes.map((index) => ({ index, records })),
  }))
  const request = { acks: 1, timeoutMs: 60_000, topicData }
  const reply = await answer(client, 'Produce', 9, request)
  pending.clear()
  for (const topic of list(reply, 'responses')) {
    const refused = list(topic, 'partitionResponses').filter(({ errorCode }) => errorCode !== 0)
    const indexes = refused.map(({ index }) => index as number)
    if (indexes.length > 0) pending.set(topic['name'] as string, indexes)
  }
  if (pending.size > 0) throw new Error(`partitions of ${pending.size} topics take no record`)
}

/** From then until the first record of this process is acknowledged, in milliseconds. */
export async function untilProduced(
  endpoint: Endpoint,
  topic: string,
  from: number,
): Promise<number> {
  return untilDone(from, 120_000, async () => {
    const client = await RawClient.open(endpoint)
    try {
      const request = { topics: [{ name: topic }], allowAutoTopicCreation: true }
      // The oldest of these that every peer speaks.
      await answer(client, 'Metadata', 4, request)
      await produceInto(client, allPartitions([topic], 1))
    } finally {
      client.close()
    }
  })
}

/** Tries until it succeeds; the milliseconds since `from`. */
export async function untilDone(
  from: number,
  timeoutMs: number,
  attempt: () => Promise<unknown>,
): Promise<number> {
  for (;;) {
    try {
      await attempt()
      return performance.now() - from
    } catch (error) {
      if (performance.now() - from > timeoutMs) throw error
      await sleep(1)
    }
  }
}

function refuse(api: string, answers: readonly Readonly<Record<string, unknown>>[]): void {
  const refused = answers.filter(({ errorCode }) => errorCode !== 0)
  if (refused.length > 0) {
    throw new Error(`${api} was refused: ${JSON.stringify(refused.slice(0, 3))}`)
  }
}
