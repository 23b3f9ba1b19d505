// Things that are no library and run a story of their own against a cluster: whole programs that others
// wrote, as they ship. Each runs against Samsa and against Apache Kafka, like the scenarios.
import type { Endpoint } from '../../../apache/cluster.ts'

export interface Application {
  /** Short, for the command line and the report: `word-count`. */
  readonly name: string
  /** For the reader: `Kafka Streams 4.3.1 WordCountDemo`. */
  readonly title: string
  /** What it shows. */
  readonly about: string
  /** Everything that decides what the story is, relative to the checkout. */
  readonly files: readonly string[]
  /** Fetches and builds what is missing; cheap when all is there. Throws with what to install. */
  prepare(): void
  /** Plays the story with topics of its own at an otherwise empty cluster of one node; `scratch` is an
   * empty directory that goes afterwards. Throws with what is wrong; leaves no process behind. */
  run(cluster: Endpoint, scratch: string): Promise<void>
}
