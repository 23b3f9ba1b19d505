// DescribeQuorum: voters and observers of the metadata log and how far they are (KIP-595, KIP-836).
import { DescribeQuorum } from '../../protocol/api/55-describe-quorum.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DescribeQuorum>
type Reply = ResponseDraft<typeof DescribeQuorum>

export const describeQuorum = handle(
  DescribeQuorum,
  '0-2',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const { nodes, ...reply } = context.node.metadata.describeQuorum(request)
    // Version 2 tells where the nodes listen; before it there is no place for them.
    return context.version >= 2 ? { ...reply, nodes } : reply
  },
)
