// Who asks the group coordinator, in Kafka's words: the client id without null, and the host as
// Java's InetAddress prints it, which is what DescribeGroups and the group's records show.
import type { Caller } from '../coordinator/group/messages.ts'
import type { RequestContext } from './handler.ts'

export function callerOf(
  context: Pick<RequestContext<never>, 'version' | 'clientId' | 'connection'>,
): Caller {
  const { socket } = context.connection
  return {
    apiVersion: context.version,
    clientId: context.clientId ?? '',
    clientHost: javaHost(socket.remote.host),
    connection: socket.id,
  }
}

/** "/127.0.0.1"; IPv6 as eight groups without leading zeros; a mapped IPv4 address as IPv4. */
export function javaHost(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped !== null) return `/${mapped[1]}`
  if (!address.includes(':')) return `/${address}`
  const [plain = '', zone] = address.split('%')
  const [before = '', after] = plain.split('::')
  const head = groups(before)
  const tail = after === undefined ? [] : groups(after)
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  const all = [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16).toString(16))
  return `/${all.join(':')}${zone === undefined ? '' : `%${zone}`}`
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':')
}
