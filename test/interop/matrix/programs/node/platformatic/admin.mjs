// The administrative verbs with @platformatic/kafka. Each opens its own connections and closes them.

const EARLIEST = -2n
const LATEST = -1n

export function adminVerbs(
  { ConfigResourceTypes, IncrementalAlterConfigOperationTypes },
  withAdmin,
) {
  const resourceType = ConfigResourceTypes.TOPIC
  const SET = IncrementalAlterConfigOperationTypes.SET

  async function offsetsAt(admin, topic, partition, timestamp) {
    const asked = { name: topic, partitions: [{ partitionIndex: partition, timestamp }] }
    const [{ partitions }] = await admin.listOffsets({ topics: [asked] })
    return Number(partitions[0].offset)
  }

  const verbs = {
    async committed(admin, { group, topic, partitions }) {
      const topics = [{ name: topic, partitionIndexes: partitions }]
      const found = await admin.listConsumerGroupOffsets({ groups: [{ groupId: group, topics }] })
      const rows = found[0].topics[0].partitions
      const offsets = rows.map(({ partitionIndex, committedOffset, metadata }) => [
        partitionIndex,
        Number(committedOffset),
        metadata,
      ])
      return { offsets: offsets.sort(([one], [other]) => one - other) }
    },

    async times(admin, { topic, times }) {
      const offsets = []
      for (const [partition, time] of times) {
        offsets.push([partition, await offsetsAt(admin, topic, partition, BigInt(time))])
      }
      return { offsets }
    },

    async ends(admin, { topic, partitions }) {
      const offsets = []
      for (const partition of partitions) {
        const earliest = await offsetsAt(admin, topic, partition, EARLIEST)
        offsets.push([partition, earliest, await offsetsAt(admin, topic, partition, LATEST)])
      }
      return { offsets }
    },

    async createTopic(admin, { topic, partitions, configs }) {
      const entries = Object.entries(configs ?? {}).map(([name, value]) => ({ name, value }))
      await admin.createTopics({ topics: [topic], partitions, configs: entries })
    },

    async describeTopic(admin, { topic }) {
      const { topics } = await admin.metadata({ topics: [topic] })
      const { partitions } = topics.get(topic)
      return { partitions: partitions.length, leaders: partitions.map(({ leader }) => leader) }
    },

    async listTopics(admin) {
      return { topics: await admin.listTopics({ includeInternals: true }) }
    },

    async topicConfigs(admin, { topic, names }) {
      const resources = [{ resourceType, resourceName: topic, configurationKeys: names }]
      const [{ configs }] = await admin.describeConfigs({ resources })
      return { configs: Object.fromEntries(configs.map(({ name, value }) => [name, value])) }
    },

    async alterConfigs(admin, { topic, configs }) {
      const changes = Object.entries(configs).map(([name, value]) => ({
        name,
        configOperation: SET,
        value,
      }))
      await admin.incrementalAlterConfigs({
        resources: [{ resourceType, resourceName: topic, configs: changes }],
      })
    },

    async addPartitions(admin, { topic, total }) {
      await admin.createPartitions({ topics: [{ name: topic, count: total }] })
    },

    async deleteTopic(admin, { topic }) {
      await admin.deleteTopics({ topics: [topic] })
    },

    async deleteRecords(admin, { topic, offsets }) {
      const partitions = offsets.map(([partition, offset]) => ({
        partition,
        offset: BigInt(offset),
      }))
      await admin.deleteRecords({ topics: [{ name: topic, partitions }] })
    },

    async listGroups(admin) {
      return { groups: [...(await admin.listGroups()).keys()] }
    },

    async describeGroup(admin, { group }) {
      const { state, members } = (await admin.describeGroups({ groups: [group] })).get(group)
      return { state, members: members.size }
    },

    async deleteGroup(admin, { group }) {
      await admin.deleteGroups({ groups: [group] })
    },
  }
  return Object.fromEntries(
    Object.entries(verbs).map(([name, run]) => [
      name,
      (request) => withAdmin((admin) => run(admin, request)),
    ]),
  )
}
