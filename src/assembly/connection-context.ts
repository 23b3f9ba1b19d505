// What all connections of a broker share, with the limits of the configuration.
import type { Clock } from '../../base/clock.ts'
import type { Deadlines } from '../../base/deadlines.ts'
import type { BrokerConfig } from '../config/load.ts'
import { BufferPool } from '../net/buffer-pool.ts'
import type { ConnectionContext, OnRequest } from '../net/connection.ts'
import type { FlushQueue } from '../net/flush-queue.ts'
import { type LogLine, PeerLog } from '../net/peer-log.ts'
import { ReceiveBudget } from '../net/receive-budget.ts'

/** How long the one connection that reads on while memory is short may take, milliseconds. */
const RECEIVE_PATIENCE_MS = 10_000

export interface ConnectionParts {
  readonly clock: Clock
  readonly deadlines: Deadlines
  readonly flushQueue: FlushQueue
  readonly line: LogLine
  readonly onRequest: OnRequest
}

export function connectionContext(config: BrokerConfig, parts: ConnectionParts): ConnectionContext {
  const { clock, deadlines, flushQueue, line, onRequest } = parts
  return {
    clock,
    deadlines,
    pool: new BufferPool(),
    flushQueue,
    budget: new ReceiveBudget(clock, deadlines, {
      maxBytes: config.get('samsa.in.flight.bytes'),
      patienceMs: RECEIVE_PATIENCE_MS,
    }),
    log: new PeerLog(clock, line),
    limits: {
      maxFrameBytes: config.get('socket.request.max.bytes'),
      maxQueuedBytes: config.get('samsa.connection.in.flight.bytes'),
      maxUnsentBytes: config.get('samsa.connection.unsent.bytes'),
      maxPendingRequests: config.get('samsa.connection.in.flight.requests'),
      maxIdleMs: config.get('connections.max.idle.ms'),
    },
    onRequest,
  }
}
