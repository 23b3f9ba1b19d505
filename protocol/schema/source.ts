// A function under construction as text: lines, fresh names, and values bound from outside. Knows
// nothing of Kafka. The text becomes a function in compile.ts only.

export class Source {
  #lines: string[] = []
  #names = 0

  /** A name that nothing else in this function has. */
  local(prefix: string): string {
    return `${prefix}${this.#names++}`
  }

  line(text: string): void {
    this.#lines.push(text)
  }

  text(): string {
    return this.#lines.join('\n')
  }
}
