// A client connection that speaks in single requests of any API and version, over the network in
// memory. Replies are decoded in the order of the requests; whatever else arrives is a failure.
import { Reader } from '../../protocol/wire/reader.ts'
import { Writer } from '../../protocol/wire/writer.ts'
import {
  readResponseHeader,
  responseHeaderVersion,
  writeRequestHeader,
} from '../../protocol/wire/header.ts'
import { decode, encode } from '../../protocol/schema/codec.ts'
import type { Api, RequestDraft, ResponseOf } from '../../protocol/schema/message.ts'
import type { VirtualClock } from '../../base/virtual-clock.ts'
import type { Network, Socket } from '../../src/net/network.ts'

/** A request that was sent; `reply` is there once it was answered. */
export interface Sent<Reply> {
  reply: Reply | undefined
}

interface Awaited {
  readonly correlationId: number
  read(reply: Buffer): void
}

const CLIENT_ID = 'bench'

export class RawLink {
  readonly clientId: string | null
  readonly #clock: VirtualClock
  readonly #awaited: Awaited[] = []
  #socket: Socket | undefined
  #state: 'connecting' | 'open' | 'closed' = 'connecting'
  #received: Buffer = Buffer.alloc(0)
  #correlationId = 100

  constructor(
    clock: VirtualClock,
    network: Network,
    { port = 9092, clientId = CLIENT_ID }: { port?: number; clientId?: string | null } = {},
  ) {
    this.#clock = clock
    this.clientId = clientId
    const events = {
      bytes: (chunk: Buffer): void => this.#take(chunk),
      drained: (): void => undefined,
      closed: (): void => {
        this.#state = 'closed'
      },
    }
    network.connect({ host: 'localhost', port }, events, (result) => {
      if (result instanceof Error) {
        this.#state = 'closed'
        return
      }
      this.#socket = result
      this.#state = 'open'
    })
    clock.settle()
  }

  state(): 'connecting' | 'open' | 'closed' {
    return this.#state
  }

  /** Sends a request and does not wait, not even for the end of the turn. */
  send<A extends Api>(api: A, version: number, draft: RequestDraft<A>): Sent<ResponseOf<A>> {
    return this.exchange(api, version, encode(api.request, version, draft as never))
  }

  /** As `send`, with a body that may be wrong. */
  exchange<A extends Api>(api: A, version: number, body: Uint8Array): Sent<ResponseOf<A>> {
    const sent: Sent<ResponseOf<A>> = { reply: undefined }
    const correlationId = this.#write(api.key, version, body)
    this.#awaited.push({
      correlationId,
      read: (reply) => {
        sent.reply = decode(api.response, version, readBody(api.key, version, reply))
      },
    })
    return sent
  }

  /** Sends a request that has no reply. */
  sendOnly<A extends Api>(api: A, version: number, draft: RequestDraft<A>): void {
    this.#write(api.key, version, encode(api.request, version, draft as never))
  }

  /** Sends a request of any key and version; the reply is the bytes after the correlation id. */
  sendAny(apiKey: number, version: number, body: Uint8Array): Sent<Buffer> {
    const sent: Sent<Buffer> = { reply: undefined }
    const correlationId = this.#write(apiKey, version, body)
    this.#awaited.push({
      correlationId,
      read: (reply) => {
        sent.reply = Buffer.from(reply.subarray(4))
      },
    })
    return sent
  }

  /** Sends a request, lets the turns settle without time passing, and gives the reply. */
  ask<A extends Api>(api: A, version: number, draft: RequestDraft<A>): ResponseOf<A> {
    const sent = this.send(api, version, draft)
    this.#clock.settle()
    if (sent.reply === undefined) throw new Error(`${api.name} v${version} was not answered`)
    return sent.reply
  }

  bytes(bytes: Uint8Array): void {
    this.#socket?.send([Buffer.from(bytes)])
  }

  close(): void {
    this.#socket?.destroy()
    this.#state = 'closed'
    this.#clock.settle()
  }

  #write(apiKey: number, apiVersion: number, body: Uint8Array): number {
    const correlationId = this.#correlationId++
    const out = new Writer(64 + body.length)
    writeRequestHeader(out, { apiKey, apiVersion, correlationId, clientId: this.clientId })
    const head = out.toBuffer()
    const length = Buffer.alloc(4)
    length.writeInt32BE(head.length + body.length)
    this.bytes(Buffer.concat([length, head, body]))
    return correlationId
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0)
      if (this.#received.length < end) return
      const reply = Buffer.from(this.#received.subarray(4, end))
      this.#received = this.#received.subarray(end)
      const next = this.#awaited.shift()
      const correlationId = reply.readInt32BE(0)
      if (next?.correlationId !== correlationId) {
        throw new Error(`the reply ${correlationId} came instead of ${next?.correlationId}`)
      }
      next.read(reply)
    }
  }
}

function readBody(apiKey: number, version: number, reply: Buffer): Buffer {
  const source = new Reader(reply)
  readResponseHeader(source, responseHeaderVersion(apiKey, version))
  return reply.subarray(source.position)
}
