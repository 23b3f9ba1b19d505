// Seam 2 of 4: connections. Only `tcp-network.ts` touches node:net. `memory-network.ts` carries the
// same frames inside the process (combined broker and controller, unit tests, simulation).
import type { Part } from '../../protocol/wire/part.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** What the owner of a socket is told. Called synchronously; never after `closed`. */
export interface SocketEvents {
  /** `chunk` is borrowed: valid only during the call, copy what is kept (performance D1, D2). */
  bytes(chunk: Buffer): void
  /** The send buffer went from full to empty enough to go on. */
  drained(): void
  closed(error: Error | null): void
}

export interface Socket {
  readonly id: number
  readonly local: Address
  readonly remote: Address
  /** Bytes accepted by send() and not yet handed to the system. */
  readonly unsent: number
  /** Sends parts in order; they are borrowed until `sent` is called (once, also on failure). */
  send(parts: readonly Part[], sent?: () => void): void
  pause(): void
  resume(): void
  /** Sends what is queued, then closes. */
  end(): void
  /** Closes at once. */
  destroy(): void
}

export interface Listening {
  readonly address: Address
  close(): Promise<void>
}

export interface Network {
  /** `accept` returns the events' receiver for the new socket, or undefined to refuse it. */
  listen(address: Address, accept: (socket: Socket) => SocketEvents | undefined): Promise<Listening>
  /** `connected` is told the socket, or the failure; then events follow. */
  connect(address: Address, events: SocketEvents, connected: (result: Socket | Error) => void): void
}
