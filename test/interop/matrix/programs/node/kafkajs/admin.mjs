// The administrative verbs with kafkajs. Each opens its own connections and closes them again.

const DYNAMIC_TOPIC_CONFIG = 1

export function adminVerbs(library, withAdmin) {
  const TOPIC = library.ConfigResourceTypes.TOPIC

  async function topicEntries(admin, topic, configNames) {
    const { resources } = await admin.describeConfigs({
      resources: [{ type: TOPIC, name: topic, ...(configNames && { configNames }) }],
      includeSynonyms: false,
    })
    return resources[0].configEntries
  }

  const verbs = {
    async committed(admin, { group, topic, partitions }) {
      const [{ partitions: found }] = await admin.fetchOffsets({ groupId: group, topics: [topic] })
      const offsets = found.map(({ partition, offset, metadata }) => [
        partition,
        Number(offset),
        metadata,
      ])
      return { offsets: picked(offsets, partitions) }
    },

    /** The library answers the end where there is no such record; a record never is at the end. */
    async times(admin, { topic, times }) {
      const ends = await admin.fetchTopicOffsets(topic)
      const offsets = []
      for (const [partition, time] of times) {
        const found = await admin.fetchTopicOffsetsByTimestamp(topic, time)
        const { offset } = found.find((one) => one.partition === partition)
        const { high } = ends.find((one) => one.partition === partition)
        offsets.push([partition, offset === high ? -1 : Number(offset)])
      }
      return { offsets }
    },

    async ends(admin, { topic, partitions }) {
      const found = await admin.fetchTopicOffsets(topic)
      const offsets = found.map(({ partition, low, high }) => [
        partition,
        Number(low),
        Number(high),
      ])
      return { offsets: picked(offsets, partitions) }
    },

    async createTopic(admin, { topic, partitions, configs }) {
      const configEntries = Object.entries(configs ?? {}).map(([name, value]) => ({ name, value }))
      const isCreated = await admin.createTopics({
        topics: [{ topic, numPartitions: partitions, configEntries }],
      })
      if (!isCreated) throw topicExists()
    },

    async describeTopic(admin, { topic }) {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
      const found = [...topics[0].partitions].sort((a, b) => a.partitionId - b.partitionId)
      return { partitions: found.length, leaders: found.map(({ leader }) => leader) }
    },

    async listTopics(admin) {
      return { topics: await admin.listTopics() }
    },

    async topicConfigs(admin, { topic, names }) {
      const entries = await topicEntries(admin, topic, names)
      const found = entries.map(({ configName, configValue }) => [configName, configValue])
      return { configs: Object.fromEntries(found) }
    },

    /** Only the old AlterConfigs, which replaces all: what is set already is sent along. */
    async alterConfigs(admin, { topic, configs }) {
      const entries = await topicEntries(admin, topic)
      const present = entries
        .filter(({ configSource }) => configSource === DYNAMIC_TOPIC_CONFIG)
        .map(({ configName, configValue }) => [configName, configValue])
      const all = { ...Object.fromEntries(present), ...configs }
      const configEntries = Object.entries(all).map(([name, value]) => ({ name, value }))
      await admin.alterConfigs({ resources: [{ type: TOPIC, name: topic, configEntries }] })
    },

    async addPartitions(admin, { topic, total }) {
      await admin.createPartitions({ topicPartitions: [{ topic, count: total }] })
    },

    async deleteTopic(admin, { topic }) {
      await admin.deleteTopics({ topics: [topic] })
    },

    async deleteRecords(admin, { topic, offsets }) {
      // deleteTopicRecords looks leaders up in metadata that only another call loads.
      await admin.fetchTopicOffsets(topic)
      const partitions = offsets.map(([partition, offset]) => ({ partition, offset: `${offset}` }))
      await admin.deleteTopicRecords({ topic, partitions })
    },

    async listGroups(admin) {
      const { groups } = await admin.listGroups()
      return { groups: groups.map(({ groupId }) => groupId) }
    },

    async describeGroup(admin, { group }) {
      const { groups } = await admin.describeGroups([group])
      return { state: groups[0].state, members: groups[0].members.length }
    },

    async deleteGroup(admin, { group }) {
      await admin.deleteGroups([group])
    },
  }
  return Object.fromEntries(
    Object.entries(verbs).map(([name, run]) => [
      name,
      (request) => withAdmin((admin) => run(admin, request)),
    ]),
  )
}

/** False is the library's word for this one number, which it does not throw. */
function topicExists() {
  const TOPIC_ALREADY_EXISTS = 36
  return Object.assign(new Error('createTopics answered false: the topic exists'), {
    code: TOPIC_ALREADY_EXISTS,
  })
}

function picked(rows, partitions) {
  return partitions.map((partition) => rows.find(([one]) => one === partition)).filter(Boolean)
}
