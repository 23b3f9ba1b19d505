// DescribeAcls: there is no authorizer yet, and tools are told so instead of failing.
import { DescribeAcls } from '../../protocol/api/29-describe-acls.ts'
import { errors } from '../../protocol/errors.ts'
import type { ResponseDraft } from '../../protocol/schema/message.ts'
import { handle } from './handler.ts'

export const describeAcls = handle(DescribeAcls, '1-3', (): ResponseDraft<typeof DescribeAcls> => ({
  throttleTimeMs: 0,
  errorCode: errors.SECURITY_DISABLED,
  errorMessage: 'No authorizer is configured on this broker.',
  resources: [],
}))
