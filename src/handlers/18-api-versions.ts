// ApiVersions: what this listener serves, and which feature levels the cluster has (KIP-35,
// KIP-511, KIP-584). A version above ours is answered by dispatch with a version 0 body, so that a
// newer client can step down.
import { ApiVersions } from '../../protocol/api/18-api-versions.ts'
import { errors } from '../../protocol/errors.ts'
import type { RequestOf, ResponseDraft } from '../../protocol/schema/message.ts'
import { handle, type Handler, type RequestContext } from './handler.ts'

type Request = RequestOf<typeof ApiVersions>
type Reply = ResponseDraft<typeof ApiVersions>
type Context = RequestContext<Reply>

const SOFTWARE = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

export const apiVersions = handle(ApiVersions, '0-5', (context: Context, request: Request) => {
  const { version, node, connection } = context
  if (version >= 3) {
    const { clientSoftwareName: name, clientSoftwareVersion: release } = request
    if (!SOFTWARE.test(name) || !SOFTWARE.test(release)) return refused(errors.INVALID_REQUEST)
    connection.softwareName = name
    connection.softwareVersion = release
  }
  if (version >= 5) {
    // KIP-1242: a client says both where it believes to be, or neither.
    if ((request.clusterId === null) !== (request.nodeId === -1)) {
      return refused(errors.INVALID_REQUEST)
    }
  }
  if (version >= 5 && request.clusterId !== null) {
    const elsewhere = request.clusterId !== node.clusterId || request.nodeId !== node.id
    if (elsewhere) return refused(errors.REBOOTSTRAP_REQUIRED)
  }
  const image = node.metadata.image()
  return {
    errorCode: errors.NONE,
    apiKeys: advertised(node.handlersOn(connection.listenerName)),
    throttleTimeMs: 0,
    // Clients before version 4 cannot read a range that starts at 0 (KAFKA-17011).
    supportedFeatures: node.supportedFeatures
      .filter((feature) => version >= 4 || feature.min > 0)
      .map(({ name, min, max }) => ({ name, minVersion: min, maxVersion: max })),
    finalizedFeaturesEpoch: image.offset,
    finalizedFeatures: [...image.features]
      .filter(([, level]) => level > 0)
      .map(([name, level]) => ({ name, minVersionLevel: level, maxVersionLevel: level })),
    zkMigrationReady: false,
  }
})

/** librdkafka compresses only where Produce 0 is in range, so Produce starts at 0 (KAFKA-18659). */
export function advertised(handlers: readonly Handler[]): Reply['apiKeys'] {
  return handlers.map(({ api, min, max }) => ({
    apiKey: api.key,
    minVersion: api.key === 0 ? 0 : min,
    maxVersion: max,
  }))
}

/** The body, of version 0, with which a version outside the range is answered. */
export function unsupportedVersion(own: readonly Handler[]): Reply {
  return { errorCode: errors.UNSUPPORTED_VERSION, apiKeys: advertised(own) }
}

function refused(errorCode: number): Reply {
  return { errorCode, apiKeys: [] }
}
