// The place of one request's reply in the ordered queue of its connection. Filled by a plain call,
// at once or much later, by whoever answers; it knows nothing of what is in the reply.
import { assert } from '../../base/assert.ts'
import type { Part } from '../../protocol/wire/part.ts'

/** waiting: unanswered; filled, skipped, refused: answered; done: sent, or its connection gone. */
export type SlotState = 'waiting' | 'filled' | 'skipped' | 'refused' | 'done'

/** What a slot tells its connection. */
export interface SlotOwner<Owner extends SlotOwner<Owner>> {
  answered(slot: ReplySlot<Owner>): void
}

export class ReplySlot<Owner extends SlotOwner<Owner>> {
  readonly connection: Owner
  /** What follows belongs to the connection. */
  next: ReplySlot<Owner> | null = null
  state: SlotState = 'waiting'
  /** Its place is fixed: a following Produce may start before it is answered. */
  isOrderFixed = false
  parts: readonly Part[] | null = null
  release: (() => void) | null = null
  reason = ''
  #abandoned: (() => void) | null = null

  constructor(connection: Owner) {
    this.connection = connection
  }

  /** The reply: the whole frame, length prefix included. The parts are borrowed until `release` is
   * called (once; also when the connection is gone and nothing is sent). */
  fill(parts: readonly Part[], release?: () => void): void {
    if (this.state === 'done') {
      release?.()
      return
    }
    assert(this.state === 'waiting', 'a request is answered once')
    this.parts = parts
    this.release = release ?? null
    this.#answer('filled')
  }

  /** There is no reply (acks=0); what is behind may go on. */
  skip(): void {
    if (this.state === 'done') return
    assert(this.state === 'waiting', 'a request is answered once')
    this.#answer('skipped')
  }

  /** Closes the connection in place of a reply, after the replies before it have left. */
  closeConnection(reason: string): void {
    if (this.state === 'done') return
    assert(this.state === 'waiting', 'a request is answered once')
    this.reason = reason
    this.#answer('refused')
  }

  /** `run` is called when the peer is gone while this is unanswered; answering is harmless then. */
  onAbandoned(run: () => void): void {
    if (this.state === 'done') run()
    else this.#abandoned = run
  }

  /** For the connection: how long the reply is that waits here. */
  byteLength(): number {
    let bytes = 0
    if (this.parts !== null) for (const part of this.parts) bytes += part.byteLength
    return bytes
  }

  /** For the connection: the peer is gone. */
  abandon(): void {
    const wasWaiting = this.state === 'waiting'
    this.state = 'done'
    const abandoned = this.#abandoned
    this.#abandoned = null
    const release = this.release
    this.release = null
    release?.()
    if (wasWaiting) abandoned?.()
  }

  #answer(state: 'filled' | 'skipped' | 'refused'): void {
    this.state = state
    this.#abandoned = null
    this.connection.answered(this)
  }
}
