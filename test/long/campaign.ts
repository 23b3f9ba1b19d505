// What a long run consists of: batches of seeds, each one command of its own, and how to read what came of it.

export interface Command {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface BatchOutcome {
  /** How much was done, in the unit of the campaign. */
  readonly count: number
  readonly failedSeeds: readonly number[]
}

export interface Finished {
  readonly exitCode: number | null
  readonly output: string
  /** What the command was told to write its report to; empty when it has written none. */
  readonly report: string
}

export interface Campaign {
  /** On the command line, and the heading in docs/campaigns.md. */
  readonly name: string
  readonly about: string
  readonly unit: string
  /** Beyond what every build plays. */
  readonly firstSeed: number
  /** Seeds of one command: half a minute or so of them. */
  readonly batch: number
  command(from: number, to: number, reportFile: string): Command
  read(finished: Finished, from: number, to: number): BatchOutcome
  /** Plays one seed again, as a person would type it. */
  replay(seed: number): string
}
