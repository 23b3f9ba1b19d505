// Single questions to a broker through our codec: what the checks ask besides their real clients.
import type { Endpoint } from '../apache/cluster.ts'
import { RawClient } from '../oracle/raw-client.ts'
import type { Message } from '../oracle/codec.ts'

export async function ask(
  endpoint: Endpoint,
  api: string,
  version: number,
  request: Message,
): Promise<Message> {
  const client = await RawClient.open(endpoint)
  try {
    return await answer(client, api, version, request)
  } finally {
    client.close()
  }
}

export async function answer(
  client: RawClient,
  api: string,
  version: number,
  request: Message,
): Promise<Message> {
  const outcome = await client.call(api, version, request, { timeoutMs: 30_000 })
  if (outcome.kind === 'reply') return outcome.body
  const why = outcome.kind === 'undecodable' ? outcome.why : outcome.kind
  throw new Error(`${api} v${version}: ${why}`)
}

export function list(value: Message, member: string): Message[] {
  return value[member] as Message[]
}

export async function createTopics(
  endpoint: Endpoint,
  names: readonly string[],
  numPartitions: number,
): Promise<void> {
  const topics = names.map((name) => ({ name, numPartitions, replicationFactor: 1 }))
  const reply = await ask(endpoint, 'CreateTopics', 5, { topics, timeoutMs: 30_000 })
  const refused = list(reply, 'topics').filter(({ errorCode }) => errorCode !== 0)
  if (refused.length > 0) throw new Error(`topics refused: ${JSON.stringify(refused)}`)
}

/** Committed offsets of a group by partition; null: every topic it has. */
export async function committedOffsets(
  endpoint: Endpoint,
  groupId: string,
): Promise<Map<string, number>> {
  const groups = [{ groupId, topics: null }]
  const reply = await ask(endpoint, 'OffsetFetch', 8, { groups, requireStable: false })
  const group = list(reply, 'groups')[0]!
  if (group['errorCode'] !== 0) throw new Error(`OffsetFetch: error ${String(group['errorCode'])}`)
  const offsets = new Map<string, number>()
  for (const topic of list(group, 'topics')) {
    for (const { partitionIndex, committedOffset } of list(topic, 'partitions')) {
      offsets.set(`${String(topic['name'])}-${String(partitionIndex)}`, committedOffset as number)
    }
  }
  return offsets
}
