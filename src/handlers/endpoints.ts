// Which address a client is told for a broker (architecture: advertised address). A node's own
// listener that is bound to a wildcard answers with the address the client used; everything else is
// what the broker registered.
import type { EndpointImage } from '../controller/image.ts'
import type { Connection } from '../net/connection.ts'
import type { RequestContext } from './handler.ts'

export interface BrokerEndpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** Every live broker as this client may reach it, by ascending id. */
export function liveEndpoints(context: RequestContext<unknown>): BrokerEndpoint[] {
  const brokers = [...context.node.metadata.image().brokers.values()]
  return brokers
    .filter((broker) => !broker.fenced)
    .toSorted((left, right) => left.id - right.id)
    .flatMap((broker) => nodeEndpoint(context, broker.id) ?? [])
}

/** Every registered broker on this listener, fenced ones too, by ascending id. */
export function registeredEndpoints(
  context: RequestContext<unknown>,
): (BrokerEndpoint & { readonly isFenced: boolean })[] {
  const brokers = [...context.node.metadata.image().brokers.values()]
  return brokers
    .toSorted((left, right) => left.id - right.id)
    .flatMap((broker) => {
      const registered = broker.endpoints.get(context.connection.listenerName)
      if (registered === undefined) return []
      const reached = nodeEndpoint(context, broker.id) ?? { ...registered, nodeId: broker.id }
      const { nodeId, host, port } = reached
      return [{ nodeId, host, port, rack: broker.rack, isFenced: broker.fenced }]
    })
}

/** Every registered controller on the listener that was used, by ascending id. */
export function controllerEndpoints(
  context: RequestContext<unknown>,
): (BrokerEndpoint & { readonly isFenced: boolean })[] {
  const controllers = [...context.node.metadata.image().controllers.values()]
  return controllers
    .toSorted((left, right) => left.controllerId - right.controllerId)
    .flatMap(({ controllerId: nodeId, endPoints }) =>
      endPoints
        .filter(({ name }) => name === context.connection.listenerName)
        .map(({ host, port }) => ({ nodeId, host, port, rack: null, isFenced: false })),
    )
}

/** Ids of the live brokers that have the listener which was used. */
export function liveIds(context: RequestContext<unknown>): ReadonlySet<number> {
  const { node, connection } = context
  const image = node.metadata.image()
  const known = node.imageCache.liveIds
  if (known.image === image && known.listener === connection.listenerName) return known.ids
  const ids = new Set<number>()
  for (const broker of image.brokers.values()) {
    if (!broker.fenced && broker.endpoints.has(connection.listenerName)) ids.add(broker.id)
  }
  node.imageCache.liveIds = { image, listener: connection.listenerName, ids }
  return ids
}

/** undefined when the broker is fenced, unknown, or not on the listener that was used. */
export function nodeEndpoint(
  context: RequestContext<unknown>,
  id: number,
): BrokerEndpoint | undefined {
  const broker = context.node.metadata.image().brokers.get(id)
  if (broker === undefined || broker.fenced) return undefined
  const { connection, node } = context
  const registered = broker.endpoints.get(connection.listenerName)
  if (registered === undefined) return undefined
  const address = id === node.id ? ownAddress(context, registered) : registered
  return { nodeId: id, host: address.host, port: address.port, rack: broker.rack }
}

function ownAddress(
  context: RequestContext<unknown>,
  registered: EndpointImage,
): { host: string; port: number } {
  const { connection, node } = context
  if (!node.answersByConnection(connection.listenerName)) return registered
  const local = usedAddress(connection)
  if (local.host !== registered.host) node.notices.foreignAddress(connection, registered)
  return local
}

/** IPv4 on loopback whatever the family: clients that resolve localhost to ::1 may have no IPv6. */
function usedAddress(connection: Connection): { host: string; port: number } {
  const { host, port } = connection.socket.local
  const plain = host.startsWith('::ffff:') ? host.slice('::ffff:'.length) : host
  const loopback = plain === '::1' || plain.startsWith('127.')
  return { host: loopback ? '127.0.0.1' : plain, port }
}
