// How many connections one address may have: max.connections.per.ip and its exceptions.
import type { BrokerConfig } from './load.ts'
import { usageFailure } from './start-failure.ts'

/** Throws StartFailure when an exception is not ADDRESS:COUNT. */
export function connectionsPerHost(config: BrokerConfig): (host: string) => number {
  const usual = config.get('max.connections.per.ip')
  const exceptions = new Map<string, number>()
  for (const entry of config.get('max.connections.per.ip.overrides').split(',')) {
    if (entry.trim() === '') continue
    // The count stands after the last colon: an IPv6 address has others.
    const match = /^\s*(\S+)\s*:\s*(\d{1,10})\s*$/.exec(entry)
    if (match === null) {
      throw usageFailure(
        `max.connections.per.ip.overrides has the entry '${entry.trim()}': allowed is ADDRESS:COUNT.`,
      )
    }
    exceptions.set(match[1]!, Number(match[2]))
  }
  return (host) => exceptions.get(host) ?? usual
}
