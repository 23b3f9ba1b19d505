// Apache's command line tools of one version, told apart by the names that moved between versions, as a
// story uses them: each call has to end well, and what it printed is judged.
import { hostPort } from '../../apache/apache.ts'
import type { Endpoint } from '../../apache/cluster.ts'
import type { Toolbox, ToolResult } from '../toolbox.ts'
import { sleep, type Judge } from '../trial.ts'

export const TOOLS = 'org.apache.kafka.tools'

export type ToolsVersion = '4.3.1' | '3.9.2'

/** What the versions call differently. */
const DIALECTS = {
  '4.3.1': {
    consoleProducer: `${TOOLS}.ConsoleProducer`,
    brokerApiVersions: `${TOOLS}.BrokerApiVersionsCommand`,
    readerProperty: '--reader-property',
    formatterProperty: '--formatter-property',
  },
  '3.9.2': {
    consoleProducer: 'kafka.tools.ConsoleProducer',
    brokerApiVersions: 'kafka.admin.BrokerApiVersionsCommand',
    readerProperty: '--property',
    formatterProperty: '--property',
  },
} as const

export interface ToolsOptions {
  readonly version: ToolsVersion
  /** How long the cluster may take to show what it acknowledged: Apache's brokers learn of topics after
   * the answer. */
  readonly patienceMs: number
}

export class Tools {
  readonly judge: Judge
  readonly version: ToolsVersion
  readonly dialect: (typeof DIALECTS)[ToolsVersion]
  readonly at: string
  readonly #toolbox: Toolbox
  readonly #patienceMs: number

  constructor(judge: Judge, toolbox: Toolbox, at: Endpoint, options: ToolsOptions) {
    this.judge = judge
    this.version = options.version
    this.dialect = DIALECTS[options.version]
    this.at = hostPort(at)
    this.#toolbox = toolbox
    this.#patienceMs = options.patienceMs
  }

  /** Runs `kafka-...` to its end, which has to be a good one; returns what it printed. */
  async use(
    what: string,
    className: string,
    args: readonly string[],
    input?: string,
  ): Promise<string> {
    const result = await this.#run(className, args, input)
    return checked(this.judge, `${this.version} ${what}`, result)
  }

  /** Like `use`, again until it prints what is expected or patience ends. */
  async shows(
    what: string,
    className: string,
    args: readonly string[],
    isShown: (printed: string) => boolean,
  ): Promise<void> {
    const deadline = performance.now() + this.#patienceMs
    for (;;) {
      const result = await this.#run(className, args)
      const isFine = isGood(result) && isShown(result.out)
      if (isFine || performance.now() >= deadline) {
        this.judge.expect(`${this.version} ${what}`, isFine, result.out + result.err)
        return
      }
      await sleep(100)
    }
  }

  /** What a tool prints that may end badly. */
  async says(className: string, args: readonly string[]): Promise<string> {
    const { out, err } = await this.#run(className, args)
    return out + err
  }

  equal(what: string, found: unknown, expected: unknown): void {
    this.judge.equal(`${this.version} ${what}`, found, expected)
  }

  expect(what: string, isTrue: boolean, found?: unknown): void {
    this.judge.expect(`${this.version} ${what}`, isTrue, found)
  }

  #run(className: string, args: readonly string[], input?: string): Promise<ToolResult> {
    const at = ['--bootstrap-server', this.at]
    // kafka-cluster takes its command first, the others of its kind take it last.
    const isFirst = className.endsWith('.ClusterTool')
    return this.#toolbox.run(className, isFirst ? [...args, ...at] : [...at, ...args], input)
  }
}

export function checked(judge: Judge, what: string, result: ToolResult): string {
  const { code, out, err } = result
  judge.expect(what, isGood(result), `${code} ${out.slice(-300)} ${err.slice(-600)}`)
  return out
}

function isGood({ code, out, err }: ToolResult): boolean {
  return code === 0 && !/Exception/.test(out + err)
}

/** The lines that say anything, in order. */
export function sortedLines(printed: string): string[] {
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .sort()
}

/** The cells of the rows of a table that begin with this one, in order. */
export function tableRows(printed: string, first: string): string[][] {
  return sortedLines(printed)
    .map((line) => line.trim().split(/\s+/))
    .filter(([cell]) => cell === first)
}
