// What the metadata says of a listener: where clients of other nodes reach it.
import type { Listener as ListenerConfig } from '../config/listeners.ts'
import { isWildcard } from '../config/listeners.ts'
import type { EndpointImage } from '../controller/image.ts'

const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

/** `boundPort` stands in for port 0. */
export function registeredEndpoint(config: ListenerConfig, boundPort: number): EndpointImage {
  const { host, port } = config.advertised ?? { host: reachable(config.host), port: 0 }
  return {
    name: config.name,
    host,
    port: port === 0 ? boundPort : port,
    securityProtocol: SECURITY_PROTOCOLS.indexOf(config.protocol),
  }
}

function reachable(host: string): string {
  return isWildcard(host) || host === 'localhost' ? '127.0.0.1' : host
}
