// FindCoordinator: which broker leads the partition of an internal topic that a group belongs to.
// The first one to ask creates the topic. Transactions are not served yet: their coordinator is not
// available, said once in the log.
import { FindCoordinator } from '../../protocol/api/10-find-coordinator.ts'
import { errorName, errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { partitionFor } from '../coordinator/partition-for.ts'
import { createInternalTopic } from './auto-create.ts'
import { nodeEndpoint } from './endpoints.ts'
import { handle, type RequestContext } from './handler.ts'
import { GROUP_METADATA_TOPIC } from './internal-topics.ts'

type Request = RequestOf<typeof FindCoordinator>
type Reply = ResponseDraft<typeof FindCoordinator>
type Context = RequestContext<Reply>

const GROUP = 0
const TRANSACTION = 1
const SHARE = 2

export const findCoordinator = handle(
  FindCoordinator,
  '0-6',
  (context: Context, request: Request) => {
    const { node, version } = context
    const keys = version < 4 ? [request.key] : request.coordinatorKeys
    const finish = (): Reply => {
      const found = keys.map((key) => find(context, request.keyType, key))
      return version < 4 ? single(found[0]!) : { coordinators: found.map(listed) }
    }
    const known = node.metadata.image().topicsByName.has(GROUP_METADATA_TOPIC)
    if (request.keyType !== GROUP || known) return finish()
    const later = context.later()
    createInternalTopic(node, GROUP_METADATA_TOPIC, () => later.answer(finish()))
    return later
  },
)

interface Found {
  readonly key: string
  readonly errorCode: number
  readonly errorMessage?: string
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

function find(context: Context, keyType: number, key: string): Found {
  if (keyType === TRANSACTION) {
    context.node.notices.once(
      'transactions are not served yet: clients with a transactional.id will wait',
    )
    return nowhere(key, errors.COORDINATOR_NOT_AVAILABLE)
  }
  if (keyType === SHARE) return nowhere(key, errors.INVALID_REQUEST)
  if (keyType !== GROUP) {
    const errorMessage = `There is no coordinator type ${keyType}.`
    return { ...nowhere(key, errors.INVALID_REQUEST), errorMessage }
  }
  const topic = context.node.metadata.image().topicsByName.get(GROUP_METADATA_TOPIC)
  if (topic === undefined) return nowhere(key, errors.COORDINATOR_NOT_AVAILABLE)
  const partition = topic.partitions[partitionFor(key, topic.partitions.length)]
  const endpoint = partition === undefined ? undefined : nodeEndpoint(context, partition.leader)
  if (endpoint === undefined) return nowhere(key, errors.COORDINATOR_NOT_AVAILABLE)
  const { nodeId, host, port } = endpoint
  return { key, errorCode: errors.NONE, nodeId, host, port }
}

function nowhere(key: string, errorCode: number): Found {
  return { key, errorCode, nodeId: -1, host: '', port: -1 }
}

function single({ errorCode, nodeId, host, port }: Found): Reply {
  const errorMessage = errorName(errorCode)
  return { errorCode, errorMessage, nodeId, host, port, coordinators: [] }
}

function listed(found: Found): NonNullable<Reply['coordinators']>[number] {
  return found
}
