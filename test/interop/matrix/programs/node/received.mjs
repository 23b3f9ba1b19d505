// What one background consumer has read and nobody has asked for yet: a bounded queue with its two
// awaited conditions, "something came" and "there is room again".

const LIMIT = 10_000

export class Received {
  #records = []
  #waiting = new Set()

  add(record) {
    this.#records.push(record)
    this.#wake()
  }

  isFull() {
    return this.#records.length >= LIMIT
  }

  /** Keeps what `isOwned` says of a record; without it nothing. */
  forget(isOwned = () => false) {
    this.#records = this.#records.filter(isOwned)
    this.#wake()
  }

  /** At most `count`, once so many are there or the time is over. */
  async take(count, timeoutMs) {
    const deadline = performance.now() + timeoutMs
    while (this.#records.length < count && performance.now() < deadline) {
      await this.#change(deadline - performance.now())
    }
    const taken = this.#records.splice(0, count)
    this.#wake()
    return taken
  }

  /** Until there may be room, or so many milliseconds. */
  async room(timeoutMs) {
    if (this.isFull()) await this.#change(timeoutMs)
  }

  #change(timeoutMs) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      this.#waiting.add(done)
    })
  }

  #wake() {
    for (const done of this.#waiting) done()
  }
}
