// Seam 2 of 4: connections. Only `tcp-network.ts` touches node:net. `memory-network.ts` carries the
// same frames inside the process (combined broker and controller, unit tests, simulation).
import type { Part, Region } from '../../protocol/wire/part.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

/** A region that this layer can send: its bytes are read piece by piece, as the receiver takes
 * them, so that a slow reader never makes the whole of it stand in memory. */
export interface ReadableRegion extends Region {
  /** Reads bytes [from, from + length) of the region to `buffer[offset..]`: all of them, or throws;
   * the connection is closed then. */
  readInto(buffer: Uint8Array, offset: number, from: number, length: number): void
}

/** What the owner of a socket is told. Called synchronously; never after `closed`. */
export interface SocketEvents {
  /** `chunk` is borrowed: valid only during the call, copy what is kept (performance D1, D2). */
  bytes(chunk: Buffer): void
  /** Everything given to send() has been handed to the system, after some of it had to wait. */
  drained(): void
  /** The peer will send no more (it may still read). Without this callback the socket ends too. */
  ended?(): void
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
  /** Stops accepting; sockets that were accepted live on. */
  close(): Promise<void>
}

export interface Network {
  /** `accept` returns the events' receiver for the new socket, or undefined to refuse it. It may
   * pause() the socket; otherwise bytes follow. Rejects with Node's own `code`
   * (EADDRINUSE, ...). */
  listen(address: Address, accept: (socket: Socket) => SocketEvents | undefined): Promise<Listening>
  /** `connected` is told the socket, or the failure; then events follow. Never synchronous. */
  connect(address: Address, events: SocketEvents, connected: (result: Socket | Error) => void): void
}
