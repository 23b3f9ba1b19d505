// One client program as a child process: a request is a line of JSON, and so is its answer (README.md).
import { spawn, type ChildProcess } from 'node:child_process'
import { hostPort } from '../../apache/apache.ts'
import type { Endpoint } from '../../apache/cluster.ts'
import type { ClientProgram } from './client-program.ts'

/** The library reported a failure; `code` is Kafka's number where it gives one. */
export class ClientFailure extends Error {
  readonly code: number | undefined

  constructor(message: string, code: number | undefined) {
    super(code === undefined ? message : `${message} (${code})`)
    this.code = code
  }
}

/** The library has no such thing. */
export class ClientLacks extends Error {}

export type Answer = Readonly<Record<string, unknown>>

export interface Greeting {
  readonly library: string
  readonly version: string
  readonly codecs: readonly string[]
  readonly lacks: Readonly<Record<string, string>>
}

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

export class Driver {
  readonly client: ClientProgram
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  readonly #ended: Promise<number | null>
  #greeting: Greeting | undefined
  #next = 1
  #hasEnded = false
  #stderr = ''

  private constructor(client: ClientProgram, [command, ...args]: readonly string[], at: Endpoint) {
    this.client = client
    this.#process = spawn(command!, [...args, hostPort(at)], { stdio: ['pipe', 'pipe', 'pipe'] })
    let rest = ''
    this.#process.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      for (const line of lines) this.#line(line)
    })
    this.#process.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      this.#stderr = (this.#stderr + chunk).slice(-20_000)
    })
    this.#process.stdin!.on('error', () => undefined)
    this.#ended = new Promise((resolve) => {
      this.#process.on('error', (error) => this.#end(`cannot start: ${error.message}`, resolve))
      this.#process.on('close', (code) => this.#end(`ended with ${code}`, resolve, code))
    })
  }

  /** Starts the program and lets it introduce itself. */
  static async start(client: ClientProgram, at: Endpoint): Promise<Driver> {
    const driver = new Driver(client, client.prepare(), at)
    try {
      driver.#greeting = (await driver.ask('hello', {}, 60_000)) as unknown as Greeting
    } catch (error) {
      await driver.kill()
      throw error
    }
    return driver
  }

  get greeting(): Greeting {
    return this.#greeting!
  }

  /** Rejects with ClientFailure, ClientLacks, or an Error that shows what the program complained of. */
  ask(verb: string, members: object = {}, timeoutMs = 30_000): Promise<Answer> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) {
        reject(new Error(`${this.client.name} has ended:\n${this.complaints()}`))
        return
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id)
        reject(new Error(`no answer to ${verb} in ${timeoutMs} ms:\n${this.complaints()}`))
      }, timeoutMs)
      this.#waiting.set(id, {
        resolve: (answer) => {
          clearTimeout(timer)
          resolve(answer)
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        },
      })
      this.#process.stdin!.write(`${JSON.stringify({ id, verb, ...members })}\n`)
    })
  }

  /** Says bye; resolves with the exit code, null when it had to be killed. */
  async stop(): Promise<number | null> {
    if (this.#hasEnded) return this.#ended
    await this.ask('bye', {}, 10_000).catch(() => undefined)
    this.#process.stdin!.end()
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 10_000)
    const code = await this.#ended
    clearTimeout(timer)
    return code
  }

  async kill(): Promise<void> {
    if (!this.#hasEnded) this.#process.kill('SIGKILL')
    await this.#ended
  }

  complaints(): string {
    return this.#stderr.slice(-2000)
  }

  #line(line: string): void {
    let answer: Answer
    try {
      answer = JSON.parse(line) as Answer
    } catch {
      this.#stderr += `${line}\n`
      return
    }
    const waiting = this.#waiting.get(answer['id'] as number)
    if (waiting === undefined) return
    this.#waiting.delete(answer['id'] as number)
    if (answer['error'] !== undefined) {
      waiting.reject(new ClientFailure(answer['error'] as string, answer['code'] as number))
    } else if (typeof answer['lacks'] === 'string') {
      waiting.reject(new ClientLacks(answer['lacks']))
    } else waiting.resolve(answer)
  }

  #end(why: string, resolve: (code: number | null) => void, code: number | null = null): void {
    this.#hasEnded = true
    const error = new Error(`${this.client.name} ${why}:\n${this.complaints()}`)
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
    resolve(code)
  }
}
