// What the matrix knows of a client: its name, its pins, and how its program is made on a bare machine.

export interface ClientProgram {
  /** Short, for the command line and the report: `franz-go`, `kafka-clients-3.9.2`. */
  readonly name: string
  /** For the reader: `franz-go 1.19.5`, `Java kafka-clients 3.9.2`. */
  readonly title: string
  /** `Java`, `Python`, `Go`, `Rust`, `Node`, `C`. */
  readonly language: string
  /** Everything that decides what the program is: sources and pins, relative to the checkout. When the
   * content of one changes, the program runs against Apache Kafka again. */
  readonly files: readonly string[]
  /** It cannot be the second library of a group, because it does not commit. */
  readonly isAlone?: true
  /** What no scenario shows, for the reader of the page. */
  readonly remark?: string
  /** Fetches and builds what is missing, into the cache outside the tree; cheap when all is there.
   * Returns the command line; the runner appends `HOST:PORT`. Throws with what to install. */
  prepare(): readonly string[]
}
