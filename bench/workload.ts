// What a benchmark is, as data: one question, who can be asked, what is measured and which goal the
// figures are held to. Running, counting and printing are elsewhere.
import type { Cluster } from '../test/apache/cluster.ts'

/** Those that can be measured. The first two are what every ratio is made of; `samsa-*` are Samsa with
 * another setting or Node; the rest show where the limit is and what other stand-ins cost. */
export const PEERS = [
  'samsa',
  'apache',
  'samsa-development',
  'samsa-header',
  'samsa-node24',
  'sink',
  'mock',
  'kfake',
] as const
export type PeerName = (typeof PEERS)[number]

export interface Goal {
  /** Bounds of Samsa's median divided by Apache Kafka's. */
  readonly ratioAtMost?: number
  readonly ratioAtLeast?: number
  /** Bounds of Samsa's median itself. */
  readonly atMost?: number
}

export interface Row {
  /** The name of the figure in a measurement. */
  readonly figure: string
  readonly what: string
  readonly unit: string
  readonly better: 'less' | 'more'
  readonly digits?: number
  readonly goal?: Goal
  /** Another of ours that the goal is about; samsa unless said otherwise. */
  readonly side?: PeerName
}

/** Numbers that a workload reads: how many, how large, how long. */
export type Size = Readonly<Record<string, number>>

export interface Form {
  /** Counted runs of Samsa and Apache Kafka each, taking turns. */
  readonly rounds: number
  /** Counted runs of the others; 0 leaves them out. */
  readonly otherRounds: number
  readonly size: Size
  /** What a run of this form takes altogether, for the estimate that is printed. */
  readonly seconds: number
}

export type Curve = readonly (readonly [number, number])[]

export interface Measurement {
  readonly figures: Readonly<Record<string, number>>
  readonly curves?: Readonly<Record<string, Curve>>
  /** Share of the machine's time that the hypervisor took during the counted part. */
  readonly steal: number
}

/** What a workload is given for one peer. */
export interface Target {
  readonly peer: PeerName
  readonly isFull: boolean
  /** The one that stays up for all workloads; the others are stopped meanwhile. */
  readonly warm: Cluster
  /** A name for a topic that nobody had before. */
  topic(): string
  /** Where a new one of this peer can be started, killed and started again. */
  place(config?: Readonly<Record<string, string>>): Promise<Place>
}

/** A data directory and a port: what is the same before and after a restart. */
export interface Place {
  readonly peer: PeerName
  /** Undefined: it chooses one when it starts. */
  readonly port: number | undefined
  readonly dataDir: string
  start(): Promise<Cluster>
  remove(): void
}

export interface Workload {
  readonly name: string
  /** The question of a reader that it answers, in one sentence. */
  readonly answers: string
  readonly peers: readonly PeerName[]
  readonly rows: readonly Row[]
  /** What a reader of the figures has to know. */
  readonly note?: string
  readonly full: Form
  readonly quick?: Form
  /** Runs only when it is named. */
  readonly isExtra?: boolean
  /** On servers that it starts itself; then `warm` is not there. */
  readonly isFresh?: boolean
  /** Workloads of one path share compiled code: the first of them in a run warms up the longest. */
  readonly path?: string
  /** Once for each peer, before its first run, and once after its last. */
  prepare?(target: Target, size: Size): Promise<void>
  finish?(target: Target, size: Size): Promise<void>
  /** One run that is not counted, about `seconds` long; returns the bytes it moved. */
  warmUp?(target: Target, size: Size, seconds: number): Promise<number>
  measure(target: Target, size: Size): Promise<Measurement>
}
