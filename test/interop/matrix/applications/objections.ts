// What a story has to object to, collected, so that one failure does not hide the next one.
import type { Judge } from '../../trial.ts'

export class Objections implements Judge {
  readonly #raised: string[] = []
  readonly #cleanUps: (() => Promise<void> | void)[] = []

  expect(what: string, isTrue: boolean, found?: unknown): void {
    if (isTrue) return
    const shown = found === undefined ? '' : `: ${JSON.stringify(found).slice(0, 1500)}`
    this.#raised.push(`${what}${shown}`)
  }

  equal(what: string, found: unknown, expected: unknown): void {
    const isEqual = JSON.stringify(found) === JSON.stringify(expected)
    this.expect(what, isEqual, { found, expected })
  }

  /** Runs when the story ends, last first. */
  after(cleanUp: () => Promise<void> | void): void {
    this.#cleanUps.push(cleanUp)
  }

  /** Plays the story, cleans up, and throws when there was anything to object to. */
  static async over(story: (objections: Objections) => Promise<void>): Promise<void> {
    const objections = new Objections()
    try {
      await story(objections)
    } finally {
      for (const cleanUp of objections.#cleanUps.reverse()) await cleanUp()
    }
    if (objections.#raised.length > 0) throw new Error(objections.#raised.join('\n'))
  }
}
