// What a scenario may know of a running broker, whoever built it: where it listens, which cluster it
// is, and how to stop it. Which program answers is the launcher's knowledge (apache.ts, samsa.ts).

export interface Endpoint {
  readonly host: string
  readonly port: number
}

export interface Cluster {
  /** For the reader of a report: "apache 4.4.0", "samsa". */
  readonly name: string
  readonly bootstrap: Endpoint
  readonly clusterId: string
  readonly pid: number
  /** The configured data directory. */
  readonly dataDir: string
  /** Everything the process printed. */
  readonly logFile: string
  /** SIGTERM, then SIGKILL after ten seconds; removes the temp directory unless asked to keep it. */
  stop(options?: { keep?: boolean }): Promise<void>
  /** SIGKILL, and the directory stays: for crash tests. */
  kill(): Promise<void>
}
