// A client program as a child process that reports one JSON object a line; the harness keeps them all.
import { spawn, type ChildProcess } from 'node:child_process'
import type { Judge } from './trial.ts'

export interface ChildEvent {
  readonly event: string
  /** When the harness read it, in milliseconds of performance.now. */
  readonly at: number
  readonly [member: string]: unknown
}

export class Child {
  readonly name: string
  readonly events: ChildEvent[] = []
  /** The exit code; null after a signal. */
  readonly ended: Promise<number | null>
  readonly #process: ChildProcess
  #hasEnded = false
  #stderr = ''

  /** It is killed when the trial ends, if it still lives. */
  constructor(trial: Pick<Judge, 'after'>, name: string, command: string, args: readonly string[]) {
    this.name = name
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let rest = ''
    this.#process.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const line of lines) this.#event(line)
    })
    this.#process.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-20_000)
    })
    // A child that died already does not read what is said to it.
    this.#process.stdin!.on('error', () => undefined)
    this.ended = new Promise((resolve, reject) => {
      this.#process.on('error', reject)
      this.#process.on('close', (code) => {
        this.#hasEnded = true
        resolve(code)
      })
    })
    trial.after(() => this.kill())
  }

  of(event: string): ChildEvent[] {
    return this.events.filter((one) => one.event === event)
  }

  /** Resolves with the first such event, also one of the past. */
  async first(event: string, timeoutMs = 30_000): Promise<ChildEvent> {
    const deadline = performance.now() + timeoutMs
    for (;;) {
      const found = this.events.find((one) => one.event === event)
      if (found !== undefined) return found
      if (this.#hasEnded || performance.now() > deadline) {
        throw new Error(`no ${event} from ${this.name}:\n${this.complaints()}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  hasEnded(): boolean {
    return this.#hasEnded
  }

  say(line: string): void {
    this.#process.stdin!.write(`${line}\n`)
  }

  async signal(signal: 'SIGTERM' | 'SIGINT'): Promise<number | null> {
    if (!this.#hasEnded) this.#process.kill(signal)
    return this.ended
  }

  async kill(): Promise<void> {
    if (!this.#hasEnded) this.#process.kill('SIGKILL')
    await this.ended
  }

  complaints(): string {
    return this.#stderr.slice(-3000)
  }

  #event(line: string): void {
    let parsed: Omit<ChildEvent, 'at'>
    try {
      parsed = JSON.parse(line) as ChildEvent
    } catch {
      this.#stderr += `${line}\n`
      return
    }
    this.events.push({ ...parsed, event: parsed.event as string, at: performance.now() })
  }
}
