// The verbs that ask or administer, as far as node-rdkafka has them: its AdminClient creates and deletes
// topics and adds partitions; metadata and offsets are asked by a producer or a consumer.
import { Lacks } from '../lines.mjs'
import { called, connected } from './connected.mjs'
import { consumerOptions } from './reading.mjs'

const TIMEOUT_MS = 10_000
const UNKNOWN_TOPIC_OR_PARTITION = 3

export const LACKING = [
  'topicConfigs',
  'alterConfigs',
  'deleteRecords',
  'listGroups',
  'describeGroup',
  'deleteGroup',
]

export function askingVerbs(library, base) {
  /** What only a consumer has needs the name of a group that nothing is done with. */
  const consumer = (use, group = 'unused') =>
    connected(new library.KafkaConsumer(consumerOptions(base, group)), use)
  const asker = (use) => connected(new library.Producer(base), use)
  const topicsNow = (client, options) => called((done) => client.getMetadata(options, done))

  async function administer(use) {
    const admin = library.AdminClient.create(base)
    try {
      await called((done) => use(admin, done))
    } finally {
      admin.disconnect()
    }
  }

  const verbs = {
    committed: ({ group, topic, partitions }) =>
      consumer(async (client) => {
        const asked = partitions.map((partition) => ({ topic, partition }))
        const found = await called((done) => client.committed(asked, TIMEOUT_MS, done))
        const offsets = found.map(({ partition, offset }) => [partition, offset ?? -1, null])
        return { offsets }
      }, group),

    times: ({ topic, times }) =>
      consumer(async (client) => {
        const offsets = []
        // One question each: two times of one partition in one request get the answer to one of them.
        for (const [partition, time] of times) {
          const asked = [{ topic, partition, offset: time }]
          const [found] = await called((done) => client.offsetsForTimes(asked, TIMEOUT_MS, done))
          offsets.push([partition, found.offset])
        }
        return { offsets }
      }),

    ends: ({ topic, partitions }) =>
      asker(async (client) => {
        const offsets = []
        for (const partition of partitions) {
          const { lowOffset, highOffset } = await called((done) =>
            client.queryWatermarkOffsets(topic, partition, TIMEOUT_MS, done),
          )
          offsets.push([partition, lowOffset, highOffset])
        }
        return { offsets }
      }),

    createTopic: ({ topic, partitions, configs }) =>
      administer((admin, done) => {
        const wanted = { topic, num_partitions: partitions, replication_factor: -1 }
        admin.createTopic({ ...wanted, config: configs ?? {} }, TIMEOUT_MS, done)
      }),

    describeTopic: ({ topic }) =>
      asker(async (client) => {
        const { topics } = await topicsNow(client, { topic, timeout: TIMEOUT_MS })
        const found = topics.find(({ name }) => name === topic)?.partitions ?? []
        // It does not hand on the error of a topic, but one without partitions does not exist.
        if (found.length === 0) throw unknownTopic(topic)
        const sorted = [...found].sort((a, b) => a.id - b.id)
        return { partitions: sorted.length, leaders: sorted.map(({ leader }) => leader) }
      }),

    listTopics: () =>
      asker(async (client) => {
        const { topics } = await topicsNow(client, { timeout: TIMEOUT_MS })
        return { topics: topics.map(({ name }) => name) }
      }),

    addPartitions: ({ topic, total }) =>
      administer((admin, done) => admin.createPartitions(topic, total, TIMEOUT_MS, done)),

    deleteTopic: ({ topic }) =>
      administer((admin, done) => admin.deleteTopic(topic, TIMEOUT_MS, done)),
  }
  for (const name of LACKING) {
    verbs[name] = () => {
      throw new Lacks(WHY_LACKING)
    }
  }
  return verbs
}

export const WHY_LACKING = 'its AdminClient only creates and deletes topics and adds partitions'

function unknownTopic(topic) {
  return Object.assign(new Error(`no partitions of ${topic}`), { code: UNKNOWN_TOPIC_OR_PARTITION })
}
