// Lines out of chunks of bytes. A line ends with \n or \r\n; the bytes of a line are its own.

const NEWLINE = 0x0a
const RETURN = 0x0d

export class Lines {
  /** The beginning of a line whose end has not come yet. */
  #rest: Uint8Array[] = []

  /** The lines that `chunk` completes. */
  take(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = []
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      lines.push(this.#complete(chunk.subarray(from, end)))
      from = end + 1
    }
    if (from < chunk.length) this.#rest.push(chunk.slice(from))
    return lines
  }

  /** What stands after the last line end, if anything. */
  end(): Uint8Array[] {
    return this.#rest.length === 0 ? [] : [this.#complete(new Uint8Array())]
  }

  #complete(last: Uint8Array): Uint8Array {
    const line = Buffer.concat([...this.#rest, last])
    this.#rest = []
    return line.at(-1) === RETURN ? line.subarray(0, -1) : line
  }
}
