// Log lines about what clients run into, each said when it first matters: an address they may not
// reach, a topic that comes back. Bounded, so that no client can fill the log or the memory.
import type { Clock } from '../../base/clock.ts'
import type { EndpointImage } from '../controller/image.ts'
import type { Connection } from '../net/connection.ts'

const RECENT_MS = 5000
const MAX_REMEMBERED = 1000

export class Notices {
  readonly #clock: Clock
  readonly #warn: (line: string) => void
  readonly #said = new Set<string>()
  /** Monotonic time of a topic's deletion by its name, oldest first. */
  readonly #deletedAt = new Map<string, number>()

  constructor(clock: Clock, warn: (line: string) => void) {
    this.#clock = clock
    this.#warn = warn
  }

  /** Written at most once in the life of the process. */
  once(line: string): void {
    if (this.#said.has(line) || this.#said.size >= MAX_REMEMBERED) return
    this.#said.add(line)
    this.#warn(line)
  }

  /** A client of another network is told an address that it may not reach. */
  foreignAddress({ socket }: Connection, told: EndpointImage): void {
    this.once(
      `client ${socket.remote.host} is told ${socket.local.host}:${told.port}, the address that it ` +
        'reached; set advertised.listeners if it cannot use that one',
    )
  }

  topicDeleted(topic: string): void {
    this.#deletedAt.delete(topic)
    this.#deletedAt.set(topic, this.#clock.monotonic())
    if (this.#deletedAt.size <= MAX_REMEMBERED) return
    const [oldest] = this.#deletedAt.keys()
    this.#deletedAt.delete(oldest!)
  }

  /** A client's Metadata makes `topic`, which surprises people who have just deleted it. */
  topicWanted(topic: string, clientId: string | null): void {
    const at = this.#deletedAt.get(topic)
    this.#deletedAt.delete(topic)
    const since = at === undefined ? Infinity : this.#clock.monotonic() - at
    if (since > RECENT_MS) return
    this.#warn(
      `topic ${topic} was deleted ${Math.round(since)} ms ago and is made again because client ` +
        `${clientId ?? '(no client id)'} asks for it: stop that client before deleting its topics`,
    )
  }
}
