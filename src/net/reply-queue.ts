// The replies of one connection in the order of its requests: which are ready to leave, and what
// they amount to. It does not know when they leave, nor what starts when.
import type { Part } from '../../protocol/wire/part.ts'
import type { ReplySlot, SlotOwner } from './reply-slot.ts'

/** What can leave now. */
export interface ReadyReplies {
  /** null: nothing. */
  readonly parts: readonly Part[] | null
  /** For when the parts are sent. */
  readonly release: (() => void) | null
  /** The next in order asks for the end of the connection. */
  readonly isEnd: boolean
}

export class ReplyQueue<Owner extends SlotOwner<Owner>> {
  #head: ReplySlot<Owner> | null = null
  #tail: ReplySlot<Owner> | null = null
  #readyBytes = 0

  isEmpty(): boolean {
    return this.#head === null
  }

  /** Bytes of replies that wait for the end of the turn, or for a reply before them. */
  readyBytes(): number {
    return this.#readyBytes
  }

  add(slot: ReplySlot<Owner>): void {
    if (this.#tail === null) this.#head = slot
    else this.#tail.next = slot
    this.#tail = slot
  }

  answered(slot: ReplySlot<Owner>): void {
    this.#readyBytes += slot.byteLength()
  }

  /** Takes the answered replies from the front, up to one that waits or ends the connection. */
  takeReady(): ReadyReplies {
    let parts: readonly Part[] | null = null
    let joined: Part[] | null = null
    let release: (() => void) | null = null
    let slot = this.#head
    while (slot !== null && slot.state !== 'waiting' && slot.state !== 'refused') {
      if (slot.parts !== null) {
        this.#readyBytes -= slot.byteLength()
        if (parts === null) parts = slot.parts
        else {
          joined ??= [...parts]
          for (const part of slot.parts) joined.push(part)
        }
      }
      if (slot.release !== null) release = both(release, slot.release)
      slot.parts = null
      slot.release = null
      slot.state = 'done'
      slot = slot.next
    }
    this.#head = slot
    if (slot === null) this.#tail = null
    return { parts: joined ?? parts, release, isEnd: slot !== null && slot.state === 'refused' }
  }

  /** Whether a request waits whose order is not fixed: nobody will read its answer for long. */
  hasParked(): boolean {
    for (let slot = this.#head; slot !== null; slot = slot.next) if (isParked(slot)) return true
    return false
  }

  /** Gives those up; they leave no gap. */
  abandonParked(): void {
    for (let slot = this.#head; slot !== null; slot = slot.next) if (isParked(slot)) slot.abandon()
  }

  abandonAll(): void {
    let slot = this.#head
    this.#head = null
    this.#tail = null
    for (; slot !== null; slot = slot.next) if (slot.state !== 'done') slot.abandon()
  }
}

function isParked(slot: { readonly state: string; readonly isOrderFixed: boolean }): boolean {
  return slot.state === 'waiting' && !slot.isOrderFixed
}

function both(first: (() => void) | null, second: () => void): () => void {
  if (first === null) return second
  return () => {
    first()
    second()
  }
}
