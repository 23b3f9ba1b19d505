// `listeners`, `advertised.listeners` and `listener.security.protocol.map` as one list of what to
// bind and what to tell clients. Opens nothing: port 0 stays 0 until the listener is bound.
import { usageFailure } from './start-failure.ts'

export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'

const PROTOCOLS: readonly string[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

export interface Endpoint {
  readonly host: string
  readonly port: number
}

export interface Listener {
  /** Upper case, as Kafka normalises it. */
  readonly name: string
  readonly protocol: SecurityProtocol
  /** Name or address to bind. '' is every address of this machine, `localhost` the loopback
   * addresses of both families. */
  readonly host: string
  /** 0: any free port. */
  readonly port: number
  /** What clients are told; its port 0 stands for the port that was bound. null: the answer depends
   * on the address a connection arrived at (wildcard and default listeners). */
  readonly advertised: Endpoint | null
  /** One of `controller.listener.names`: the controller answers here, clients are not told. */
  readonly isController: boolean
}

export interface ListenerTexts {
  readonly listeners: readonly string[]
  /** True for the address that Samsa chose itself: it answers per connection. */
  readonly isDefault: boolean
  readonly advertised: readonly string[] | null
  readonly protocolMap: string
  /** The map is Kafka's default, which controller names extend with PLAINTEXT. */
  readonly isDefaultMap: boolean
  readonly controllerNames: readonly string[]
}

/** Throws StartFailure with a sentence naming the key and the entry that is wrong. */
export function parseListeners(texts: ListenerTexts): Listener[] {
  const controllerNames = new Set(texts.controllerNames.map((name) => name.toUpperCase()))
  const protocols = protocolMap(texts, controllerNames)
  const bound = texts.listeners.map((text) => parseEndpoint('listeners', text))
  refuseRepeats('listeners', bound)
  const advertised = (texts.advertised ?? []).map((text) =>
    parseEndpoint('advertised.listeners', text),
  )
  refuseRepeats('advertised.listeners', advertised)
  for (const told of advertised) refuseBadAdvertised(told, bound)
  return bound.map((listener) => {
    const protocol = protocols.get(listener.name)
    if (protocol === undefined) {
      throw usageFailure(
        `listeners names ${listener.name}, which listener.security.protocol.map does not: ` +
          'add NAME:PROTOCOL there.',
      )
    }
    const told = advertised.find((one) => one.name === listener.name)
    return {
      name: listener.name,
      protocol,
      host: isWildcard(listener.host) ? '' : listener.host,
      port: listener.port,
      advertised: told ?? ownAddress(listener, texts.isDefault),
      isController: controllerNames.has(listener.name),
    }
  })
}

/** Every address, in either family's spelling. */
export function isWildcard(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::'
}

function ownAddress(listener: Endpoint, isDefault: boolean): Endpoint | null {
  if (isDefault || isWildcard(listener.host)) return null
  return { host: listener.host, port: listener.port }
}

interface NamedEndpoint extends Endpoint {
  readonly name: string
  readonly text: string
}

function parseEndpoint(key: string, text: string): NamedEndpoint {
  const match = /^(.+):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(\d{1,5})$/.exec(text.trim())
  const port = Number(match?.[3])
  if (match === null || port > 65_535) {
    throw usageFailure(
      `${key} has the entry '${text}': allowed is NAME://host:port with a port from 0 to 65535.`,
    )
  }
  return { name: match[1]!.toUpperCase(), host: match[2]!, port, text }
}

function refuseRepeats(key: string, endpoints: readonly NamedEndpoint[]): void {
  const names = new Set<string>()
  const ports = new Map<number, NamedEndpoint>()
  for (const endpoint of endpoints) {
    if (names.has(endpoint.name)) {
      throw usageFailure(`${key} names ${endpoint.name} twice: each listener needs its own name.`)
    }
    names.add(endpoint.name)
    if (key !== 'listeners' || endpoint.port === 0) continue
    const other = ports.get(endpoint.port)
    if (other && !ofTwoFamilies(other.host, endpoint.host)) {
      throw usageFailure(
        `${key} uses port ${endpoint.port} for ${other.name} and ${endpoint.name}: ` +
          'each listener needs its own port.',
      )
    }
    ports.set(endpoint.port, endpoint)
  }
}

/** One port may be bound once by an IPv4 and once by an IPv6 address. */
function ofTwoFamilies(one: string, other: string): boolean {
  const isV4 = (host: string): boolean => /^[\d.]+$/.test(host)
  const isV6 = (host: string): boolean => host.includes(':')
  return (isV4(one) && isV6(other)) || (isV6(one) && isV4(other))
}

function refuseBadAdvertised(told: NamedEndpoint, bound: readonly NamedEndpoint[]): void {
  if (isWildcard(told.host)) {
    throw usageFailure(
      `advertised.listeners has the entry '${told.text}': no client can connect to that address, ` +
        'name one that clients reach.',
    )
  }
  if (!bound.some((listener) => listener.name === told.name)) {
    throw usageFailure(
      `advertised.listeners names ${told.name}, which listeners does not: use one of ` +
        `${bound.map((listener) => listener.name).join(', ')}.`,
    )
  }
}

function protocolMap(
  texts: ListenerTexts,
  controllerNames: ReadonlySet<string>,
): Map<string, SecurityProtocol> {
  const map = new Map<string, SecurityProtocol>()
  if (texts.isDefaultMap) for (const name of controllerNames) map.set(name, 'PLAINTEXT')
  for (const pair of texts.protocolMap.split(',')) {
    if (pair.trim() === '') continue
    const match = /^\s*([^:\s]+)\s*:\s*(\S+)\s*$/.exec(pair)
    const protocol = match?.[2]?.toUpperCase()
    if (match === null || protocol === undefined || !PROTOCOLS.includes(protocol)) {
      throw usageFailure(
        `listener.security.protocol.map has the entry '${pair.trim()}': allowed is ` +
          `NAME:PROTOCOL with ${PROTOCOLS.join(', ')}.`,
      )
    }
    map.set(match[1]!.toUpperCase(), protocol as SecurityProtocol)
  }
  return map
}
