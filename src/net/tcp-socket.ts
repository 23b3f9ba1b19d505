// One TCP connection as the seam's Socket: how parts leave. Small parts are put together, larger
// ones go by writev, regions are read piece by piece as the peer takes them (performance D11). A
// region could leave by sendfile instead (D17): #writeRegion is the place.
import type { Socket as NodeSocket } from 'node:net'
import type { Part } from '../../protocol/wire/part.ts'
import type { BufferPool } from './buffer-pool.ts'
import type { Address, ReadableRegion, Socket, SocketEvents } from './network.ts'

/** Runs of parts below this are copied together: one small write is cheaper than a vector. */
const COALESCE_BYTES = 16 * 1024
const REGION_PIECE_BYTES = 256 * 1024
/** How much of a region is sent without returning to the event loop. */
const REGION_BURST_BYTES = 4 * 1024 * 1024

interface Told {
  /** When so many writes are finished. */
  readonly after: number
  readonly sent: () => void
}

interface Sending {
  readonly parts: readonly Part[]
  readonly sent: (() => void) | undefined
}

export class TcpSocket implements Socket {
  readonly id: number
  readonly local: Address
  readonly remote: Address
  readonly #socket: NodeSocket
  readonly #pool: BufferPool
  #events: SocketEvents | null = null
  #queue: Sending[] = []
  /** Where the first entry of the queue stands: part, byte of that part (regions). */
  #partIndex = 0
  #regionFrom = 0
  #queuedBytes = 0
  /** Writes given to the socket, and those of them that it has finished, in order. */
  #writesBegun = 0
  #writesDone = 0
  /** Entries that are written but not finished. */
  #untold: Told[] = []
  /** The number of the write that carries a piece of a region; nothing goes behind it yet. */
  #heldByWrite = 0
  #hasBegun = false
  #isPaused = false
  #isEnding = false
  #isClosed = false
  /** Something had to wait since drained() was last told. */
  #owesDrained = false

  constructor(id: number, socket: NodeSocket, pool: BufferPool) {
    this.id = id
    this.#socket = socket
    this.#pool = pool
    this.local = { host: plainHost(socket.localAddress), port: socket.localPort ?? 0 }
    this.remote = { host: plainHost(socket.remoteAddress), port: socket.remotePort ?? 0 }
  }

  /** Tells `events` from now on. */
  attach(events: SocketEvents): void {
    this.#events = events
    let failure: Error | null = null
    this.#socket.on('error', (error) => {
      failure = error
    })
    this.#socket.on('end', () => {
      if (events.ended === undefined) this.end()
      else events.ended()
    })
    this.#socket.on('finish', () => this.#socket.destroy())
    this.#socket.on('close', () => {
      this.#isClosed = true
      this.#dropQueue()
      events.closed(failure)
    })
  }

  /** For the reader: bytes have come. */
  receive(chunk: Buffer): void {
    if (!this.#isClosed) this.#events!.bytes(chunk)
  }

  get unsent(): number {
    return this.#queuedBytes + this.#socket.writableLength
  }

  send(parts: readonly Part[], sent?: () => void): void {
    if (this.#isClosed || this.#isEnding) {
      sent?.()
      return
    }
    for (const part of parts) this.#queuedBytes += part.byteLength
    this.#queue.push({ parts, sent })
    this.#advance()
  }

  /** For the network: reading may begin, unless the owner paused it. */
  begin(): void {
    this.#hasBegun = true
    if (!this.#isPaused) this.resume()
  }

  pause(): void {
    this.#isPaused = true
    if (this.#hasBegun) this.#socket.pause()
  }

  resume(): void {
    this.#isPaused = false
    if (!this.#hasBegun || this.#isClosed) return
    this.#socket.resume()
    this.#socket.read(0)
  }

  end(): void {
    if (this.#isEnding || this.#isClosed) return
    this.#isEnding = true
    if (this.#queue.length === 0) this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Writes what may be written now. */
  #advance(): void {
    if (this.#heldByWrite !== 0 || this.#isClosed || this.#socket.destroyed) return
    this.#socket.cork()
    while (this.#queue.length > 0 && this.#advanceFirst());
    this.#socket.uncork()
    if (this.unsent > 0) this.#owesDrained = true
    if (this.#isEnding && this.#queue.length === 0) this.#socket.end()
  }

  /** Writes the first entry of the queue; false: a region holds it. */
  #advanceFirst(): boolean {
    const { parts, sent } = this.#queue[0]!
    while (this.#partIndex < parts.length) {
      const part = parts[this.#partIndex]!
      if (part instanceof Uint8Array) this.#writeBytes(parts)
      else if (this.#writeRegion(part as ReadableRegion)) this.#partIndex++
      else return false
    }
    this.#queue.shift()
    this.#partIndex = 0
    if (sent !== undefined) this.#untold.push({ after: this.#writesBegun, sent })
    this.#tell()
    return true
  }

  /** Writes the run of byte parts at #partIndex. */
  #writeBytes(parts: readonly Part[]): void {
    const first = this.#partIndex
    let bytes = 0
    let next = first
    for (; next < parts.length; next++) {
      const part = parts[next]!
      if (!(part instanceof Uint8Array) || bytes + part.byteLength > COALESCE_BYTES) break
      bytes += part.byteLength
    }
    const after = Math.max(next, first + 1)
    this.#partIndex = after
    if (after === first + 1) {
      this.#write(parts[first] as Uint8Array, undefined)
      return
    }
    const joined = this.#pool.take(bytes)
    let at = 0
    for (let index = first; index < after; index++) {
      joined.set(parts[index] as Uint8Array, at)
      at += parts[index]!.byteLength
    }
    this.#write(joined.subarray(0, bytes), () => this.#pool.give(joined))
  }

  /** Sends the rest of a region, a piece at a time; false: a piece is on its way. */
  #writeRegion(region: ReadableRegion): boolean {
    for (let burst = 0; this.#regionFrom < region.byteLength; burst += REGION_PIECE_BYTES) {
      const length = Math.min(REGION_PIECE_BYTES, region.byteLength - this.#regionFrom)
      const piece = this.#pool.take(length)
      if (!this.#readPiece(region, piece, length)) return false
      this.#regionFrom += length
      const write = this.#writesBegun + 1
      this.#heldByWrite = write
      this.#write(piece.subarray(0, length), () => this.#pieceWritten(piece, write))
      this.#socket.uncork()
      const isTaken = this.#socket.writableLength === 0
      this.#socket.cork()
      if (!isTaken || burst >= REGION_BURST_BYTES) return false
      // The system has its bytes: the next piece goes into the same warm buffer.
      this.#heldByWrite = 0
      this.#pool.give(piece)
    }
    this.#regionFrom = 0
    return true
  }

  #pieceWritten(piece: Buffer, write: number): void {
    if (this.#heldByWrite !== write) return
    this.#heldByWrite = 0
    this.#pool.give(piece)
    this.#advance()
  }

  /** False: it could not be read; the frame cannot be finished, so the connection is destroyed. */
  #readPiece(region: ReadableRegion, piece: Buffer, length: number): boolean {
    try {
      region.readInto(piece, 0, this.#regionFrom, length)
      return true
    } catch (error) {
      this.#pool.give(piece)
      this.#socket.destroy(error instanceof Error ? error : new Error(String(error)))
      return false
    }
  }

  #write(bytes: Uint8Array, after: (() => void) | undefined): void {
    this.#queuedBytes -= bytes.byteLength
    this.#writesBegun++
    this.#socket.write(bytes, () => {
      this.#writesDone++
      after?.()
      this.#tell()
      if (!this.#owesDrained || this.#socket.destroyed || this.unsent > 0) return
      this.#owesDrained = false
      this.#events!.drained()
    })
  }

  /** Tells the senders whose parts are not needed any more. */
  #tell(): void {
    while (this.#untold.length > 0 && this.#untold[0]!.after <= this.#writesDone) {
      this.#untold.shift()!.sent()
    }
  }

  #dropQueue(): void {
    const queue = this.#queue
    this.#queue = []
    this.#queuedBytes = 0
    this.#writesDone = this.#writesBegun
    this.#tell()
    for (const { sent } of queue) sent?.()
  }
}

/** IPv4 addresses that came over an IPv6 socket in their usual form. */
function plainHost(host: string | undefined): string {
  if (host === undefined) return ''
  return host.startsWith('::ffff:') && host.includes('.') ? host.slice(7) : host
}
