// What a valid configuration may ask for and Samsa does not do yet: refused at the start, in one
// sentence, because a broker that silently ignores TLS or a second voter would be worse than none.
import type { BrokerConfig } from './load.ts'
import { usageFailure } from './start-failure.ts'

/** Throws StartFailure for the first setting that cannot be honoured. */
export function refuseUnsupported(config: BrokerConfig): void {
  const encrypted = config.listeners.find((listener) => listener.protocol !== 'PLAINTEXT')
  if (encrypted) {
    throw usageFailure(
      `The listener ${encrypted.name} uses ${encrypted.protocol}, which Samsa does not support ` +
        'yet: allowed is PLAINTEXT.',
    )
  }
  if (config.get('authorizer.class.name') !== '') {
    throw usageFailure(
      'authorizer.class.name is set, but Samsa does not check permissions yet: leave it empty.',
    )
  }
  const roles = config.get('process.roles')
  if (!roles?.includes('broker') || !roles.includes('controller')) {
    throw usageFailure(
      `process.roles is '${roles?.join(',')}': Samsa runs both roles in one process, allowed is ` +
        'broker,controller.',
    )
  }
  const voters = config.get('controller.quorum.voters')
  if (voters.length > 1) {
    throw usageFailure(
      `controller.quorum.voters names ${voters.length} voters: Samsa runs with one controller so far.`,
    )
  }
  const voter = voters[0]?.split('@')[0]
  if (voter !== undefined && Number(voter) !== config.nodeId) {
    throw usageFailure(
      `controller.quorum.voters names node ${voter}, but this is node ${config.nodeId}: Samsa is ` +
        'its own controller so far.',
    )
  }
  if (config.logDirectories.length > 1) {
    throw usageFailure(
      `log.dirs names ${config.logDirectories.length} directories: Samsa uses one so far.`,
    )
  }
  if (config.listeners.every((listener) => listener.isController)) {
    throw usageFailure('listeners names no listener that clients may use: add one.')
  }
}
