// Producer ids for this broker, out of blocks that the controller hands out (KIP-730). An id is
// given once, also across restarts: a block that was not used up is lost.
import { errors } from '../../protocol/errors.ts'

export interface ProducerIdBlock {
  readonly first: number
  readonly length: number
}

export type ProducerIdResult = number | { readonly errorCode: number }

type Waiting = (id: ProducerIdResult) => void

/** Requests that wait for one block. */
const MAX_WAITING = 10_000

export class ProducerIds {
  readonly #allocate: (done: (block: ProducerIdBlock | { errorCode: number }) => void) => void
  #next = 0
  #end = 0
  #state: 'idle' | 'allocating' = 'idle'
  #waiting: Waiting[] = []

  constructor(allocate: (done: (block: ProducerIdBlock | { errorCode: number }) => void) => void) {
    this.#allocate = allocate
  }

  /** Calls `give` with a fresh id, at once while the block lasts, or with why there is none. */
  next(give: Waiting): void {
    if (this.#next < this.#end) {
      give(this.#next++)
      return
    }
    if (this.#waiting.length >= MAX_WAITING) {
      give({ errorCode: errors.COORDINATOR_LOAD_IN_PROGRESS })
      return
    }
    this.#waiting.push(give)
    if (this.#state === 'idle') this.#refill()
  }

  #refill(): void {
    this.#state = 'allocating'
    this.#allocate((block) => {
      this.#state = 'idle'
      const waiting = this.#waiting
      this.#waiting = []
      if ('errorCode' in block) {
        for (const give of waiting) give(block)
        return
      }
      this.#next = block.first
      this.#end = block.first + block.length
      for (const give of waiting) this.next(give)
    })
  }
}
