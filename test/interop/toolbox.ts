// Apache's command line tools of one version in one JVM: start it once, run many.
import path from 'node:path'
import { Child } from './child.ts'
import { until, type Judge } from './trial.ts'

export interface ToolResult {
  readonly code: number
  readonly out: string
  readonly err: string
}

export const JVM = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto', '-Xmx256m']

export class Toolbox {
  readonly #jvm: Child
  #ran = 0

  constructor(judge: Judge, libs: string) {
    const program = path.resolve('test', 'interop', 'java', 'Tools.java')
    this.#jvm = new Child(judge, libs, 'java', [...JVM, '-cp', path.join(libs, '*'), program])
  }

  /** Runs one tool to its end, with `input` as its stdin. */
  async run(className: string, args: readonly string[], input = ''): Promise<ToolResult> {
    const fields = [input, className, ...args].map((text) => Buffer.from(text).toString('base64'))
    this.#jvm.say(fields.join(' '))
    const number = this.#ran++
    const name = `${className} ${args.join(' ')}`
    await until(name, 90_000, () => {
      if (this.#jvm.hasEnded()) throw new Error(`the JVM ended: ${this.#jvm.complaints()}`)
      return this.#jvm.of('ended').length > number
    })
    const { code, out, err } = this.#jvm.of('ended')[number]!
    return { code: code as number, out: text(out), err: text(err) }
  }
}

function text(base64: unknown): string {
  return Buffer.from(base64 as string, 'base64').toString('utf8')
}
