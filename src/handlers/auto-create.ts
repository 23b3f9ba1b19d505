// Creates topics that nobody made: those that a Metadata request names, and the internal ones that
// coordinators need. With Apache Kafka's profile the reply does not wait for it (the client asks
// again); with samsa.auto.create.wait it does, and names the leader.
import type { CreateTopicsRequest } from '../controller/messages.ts'
import { GROUP_METADATA_TOPIC } from './internal-topics.ts'
import type { RequestContext } from './handler.ts'
import type { Node } from './node.ts'

type NewTopic = CreateTopicsRequest['topics'][number]

export function autoCreate(
  { node, clientId }: Pick<RequestContext<unknown>, 'node' | 'clientId'>,
  names: readonly string[],
  done: () => void,
): void {
  for (const name of names) node.notices.topicWanted(name, clientId)
  const explicit = (key: 'num.partitions' | 'default.replication.factor'): number =>
    node.config.sourceOf(key) === 'default' ? -1 : node.config.get(key)
  create(
    node,
    names.map((name) => ({
      name,
      numPartitions: explicit('num.partitions'),
      replicationFactor: explicit('default.replication.factor'),
      assignments: [],
      configs: [],
    })),
    done,
  )
}

/** Makes __consumer_offsets as a coordinator's topic: compacted, with its own partition count. */
export function createInternalTopic(node: Node, name: string, done: () => void): void {
  const { config } = node
  const wanted = config.get('offsets.topic.replication.factor')
  const topic: NewTopic = {
    name,
    numPartitions: config.get('offsets.topic.num.partitions'),
    replicationFactor: isAlone(node) ? 1 : wanted,
    assignments: [],
    configs: [
      { name: 'compression.type', value: 'producer' },
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'segment.bytes', value: String(config.get('offsets.topic.segment.bytes')) },
    ],
  }
  create(node, name === GROUP_METADATA_TOPIC ? [topic] : [], done)
}

/** One voter, one broker, and a person who did not ask for Apache Kafka's rule: one replica. */
function isAlone(node: Node): boolean {
  return (
    node.config.get('samsa.profile') === 'development' && node.metadata.image().brokers.size === 1
  )
}

function create(node: Node, topics: readonly NewTopic[], done: () => void): void {
  const waits = node.config.get('samsa.auto.create.wait')
  const timeoutMs = node.config.get('request.timeout.ms')
  node.metadata.call('createTopics', { topics, timeoutMs, validateOnly: false }, (reply) => {
    const results = 'refused' in reply ? [] : reply.topics
    for (const { name, errorCode, errorMessage } of results) {
      if (errorCode !== 0) node.notices.once(`topic ${name} was not created: ${errorMessage}`)
    }
    if (waits) done()
  })
  if (!waits) done()
}
