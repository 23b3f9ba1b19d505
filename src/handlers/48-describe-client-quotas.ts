// DescribeClientQuotas: the quotas that the metadata holds, by user, client id or address
// (KIP-546).
import { DescribeClientQuotas } from '../../protocol/api/48-describe-client-quotas.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import type { ClientQuotaImage } from '../controller/image.ts'
import { handle, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof DescribeClientQuotas>
type Reply = ResponseDraft<typeof DescribeClientQuotas>
type Component = Request['components'][number]

const EXACT = 0
const DEFAULT = 1
const SPECIFIED = 2
const ENTITY_TYPES = ['ip', 'user', 'client-id']

export const describeClientQuotas = handle(
  DescribeClientQuotas,
  '0-1',
  (context: RequestContext<Reply>, request: Request): Reply => {
    const fault = faultOf(request.components)
    if (fault !== undefined) return { throttleTimeMs: 0, ...fault, entries: null }
    const quotas = [...context.node.metadata.image().quotas.values()]
    const entries = quotas.filter((quota) => matches(quota, request)).map(describe)
    return { throttleTimeMs: 0, errorCode: errors.NONE, errorMessage: '', entries }
  },
)

interface Fault {
  readonly errorCode: number
  readonly errorMessage: string
}

function faultOf(components: readonly Component[]): Fault | undefined {
  const seen = new Set<string>()
  for (const { entityType, matchType, match } of components) {
    if (entityType === '') return invalid('An entity type is empty.')
    if (seen.has(entityType)) return invalid(`The entity type ${entityType} is named twice.`)
    seen.add(entityType)
    if (!ENTITY_TYPES.includes(entityType)) {
      const errorMessage = `The entity type ${entityType} is not known.`
      return { errorCode: errors.UNSUPPORTED_VERSION, errorMessage }
    }
    if (matchType < EXACT || matchType > SPECIFIED) {
      return invalid(`The match type ${matchType} is not known.`)
    }
    if ((matchType === EXACT) !== (match !== null)) {
      return invalid('A name belongs to an exact match, and only there.')
    }
  }
  if (seen.has('ip') && seen.size > 1) return invalid('ip does not go with user or client-id.')
  return undefined
}

function invalid(errorMessage: string): Fault {
  return { errorCode: errors.INVALID_REQUEST, errorMessage }
}

function matches({ entity }: ClientQuotaImage, { components, strict }: Request): boolean {
  if (strict && entity.length !== components.length) return false
  return components.every(({ entityType, matchType, match }) => {
    const part = entity.find((one) => one.entityType === entityType)
    if (part === undefined) return false
    if (matchType === SPECIFIED) return true
    return part.entityName === (matchType === DEFAULT ? null : match)
  })
}

function describe({ entity, values }: ClientQuotaImage): NonNullable<Reply['entries']>[number] {
  return {
    entity: entity.map(({ entityType, entityName }) => ({ entityType, entityName })),
    values: Array.from(values, ([key, value]) => ({ key, value })),
  }
}
