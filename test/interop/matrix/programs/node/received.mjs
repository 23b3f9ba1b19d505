// What one background consumer has read and nobody has asked for yet: a bounded queue with its two
// awaited conditions, "something came" and "there is room again".

const LIMIT = 10_000

export class Received {
  #records = []
  #waiting = new Set()

  add(record) {
    this.#records.push(record)
    this.wake()
  }

  isFull() {
    return this.#records.length >= LIMIT
  }

  /** Takes everything out, to be forgotten or looked at. */
  empty() {
    const all = this.#records.splice(0)
    this.wake()
    return all
  }

  /** At most `count`, once so many are there or the time is over. `isOver` ends it earlier. */
  async take(count, timeoutMs, isOver = () => false) {
    const deadline = performance.now() + timeoutMs
    while (this.#records.length < count && performance.now() < deadline && !isOver()) {
      await this.#change(deadline - performance.now())
    }
    const taken = this.#records.splice(0, count)
    this.wake()
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

  /** Whoever waits looks again. */
  wake() {
    for (const done of this.#waiting) done()
  }
}
