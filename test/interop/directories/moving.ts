// docs/moving.md as a program: its blocks of shell are one script, its blocks of text what must have been
// printed by then. Kafka's scripts are shims around the jars from Maven; where things are comes in by the
// variables that the document itself defines. A command that did not run is a failure.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { classPath, TOOLS_VERSION, type ApacheVersion } from '../../apache/libs.ts'
import { JVM_OPTIONS, loggingOptions } from '../../apache/node.ts'
import { startProgram } from '../../apache/program.ts'
import { requireKcat } from '../prepare.ts'
import { stablePort, type Trial } from '../trial.ts'

const DOCUMENT = 'docs/moving.md'
const TOOLS = 'org.apache.kafka.tools'

/** Kafka's scripts that are tools, and those that are the broker. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'kafka-topics.sh': `${TOOLS}.TopicCommand`,
  'kafka-console-producer.sh': `${TOOLS}.ConsoleProducer`,
  'kafka-console-consumer.sh': `${TOOLS}.consumer.ConsoleConsumer`,
  'kafka-consumer-groups.sh': `${TOOLS}.consumer.group.ConsumerGroupCommand`,
  'kafka-dump-log.sh': `${TOOLS}.DumpLogSegments`,
  'kafka-metadata-quorum.sh': `${TOOLS}.MetadataQuorumCommand`,
}
const BROKER_SCRIPTS: Readonly<Record<string, string>> = {
  'kafka-server-start.sh': 'kafka.Kafka',
  'kafka-storage.sh': 'kafka.tools.StorageTool',
}

/** A fenced block: its language, where it stands, its lines. */
interface Block {
  readonly language: string
  /** Of its first line in the document, from 1. */
  readonly line: number
  readonly lines: readonly string[]
}

export async function moving(trial: Trial, version: ApacheVersion): Promise<void> {
  requireKcat()
  const text = readFileSync(DOCUMENT, 'utf8')
  const blocks = blocksOf(text)
  const strange = blocks.filter(({ language }) => language !== 'sh' && language !== 'text')
  trial.equal(`${DOCUMENT}: every block is shell or what it prints`, strange, [])
  const script = scriptOf(blocks, text.split('\n').length)
  trial.equal(`${DOCUMENT}: no command stands outside of them`, lonelyCommands(text, script), [])
  const { code, out, traced } = await run(trial, version, script)
  trial.expect(`${DOCUMENT} runs to its end with ${version}`, code === 0, [
    code,
    traced.slice(-600),
  ])
  const commands = commandLines(script)
  const ran = new Set([...traced.matchAll(/^\++(\d+):/gm)].map(([, line]) => Number(line)))
  const left = commands.filter((line) => !ran.has(line)).map((line) => script[line - 1])
  trial.expect(`${DOCUMENT}: all ${commands.length} commands ran`, left.length === 0, left)
  const wrong = promises(blocks).filter(({ after, lines }) => {
    const printed = out.split('\n')
    const from = printed.indexOf(`:: ${after}`)
    const part = printed.slice(from, printed.indexOf('::', from))
    return from < 0 || !lines.every((line) => part.includes(line))
  })
  trial.expect(`${DOCUMENT}: they print what it says`, wrong.length === 0, [wrong, out])
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  for (const [i, line] of text.split('\n').entries()) {
    if (line.startsWith('```')) {
      if (open === undefined) open = { language: line.slice(3), line: i + 2, lines: [] }
      else {
        blocks.push(open)
        open = undefined
      }
    } else open?.lines.push(line)
  }
  if (open !== undefined) throw new Error(`${DOCUMENT}: a block does not end`)
  return blocks
}

/** As many lines as the document, so that a line number means the same in both. */
function scriptOf(blocks: readonly Block[], length: number): string[] {
  const script = Array.from({ length }, () => '')
  for (const { language, line, lines } of blocks) {
    if (language !== 'sh') continue
    // On the line of the fences.
    script[line - 2] = `echo ':: ${line}'`
    script[line - 1 + lines.length] = `echo '::'`
    for (const [i, text] of lines.entries()) script[line - 1 + i] = text
  }
  return script
}

/** Lines that begin a command: here-documents are one, comments and empty lines none. */
function commandLines(script: readonly string[]): number[] {
  const found: number[] = []
  let ending: string | undefined
  for (const [i, line] of script.entries()) {
    if (ending !== undefined) {
      if (line === ending) ending = undefined
      continue
    }
    ending = /<<'?(\w+)'?/.exec(line)?.[1]
    if (line.trim() !== '' && !line.startsWith('#')) found.push(i + 1)
  }
  return found
}

/** Commands with arguments in the running text that no block has: they would be untested. */
function lonelyCommands(text: string, script: readonly string[]): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/\([^)]*`[^)]*\)/g, '')
  const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
  return inline
    .filter((code) => /^(samsa|kcat|kafka-[\w-]+\.sh) /.test(code))
    .filter((code) => !UPGRADE.has(code) && !script.some((line) => line.includes(code)))
}

/** Named as what not to do. */
const UPGRADE = new Set(['kafka-features.sh upgrade'])

/** What a block of text says was printed by the shell block before it. */
function promises(blocks: readonly Block[]): { after: number; lines: readonly string[] }[] {
  let after = 0
  return blocks.flatMap(({ language, line, lines }) => {
    if (language === 'sh') after = line
    return language === 'text' ? [{ after, lines }] : []
  })
}

interface Ran {
  readonly code: number | null
  readonly out: string
  /** `set -x`, with line numbers. */
  readonly traced: string
}

async function run(trial: Trial, version: ApacheVersion, script: readonly string[]): Promise<Ran> {
  const home = trial.directory()
  const kafka = path.join(home, 'kafka')
  shims(kafka, version)
  const file = path.join(home, 'moving.sh')
  writeFileSync(file, script.join('\n'))
  const trace = path.join(home, 'trace')
  const [port, controllerPort, newPort] = [
    await stablePort(),
    await stablePort(),
    await stablePort(),
  ]
  const env = {
    ...process.env,
    PATH: `${path.join(kafka, 'ours')}:${process.env['PATH']}`,
    KAFKA: kafka,
    DATA: path.join(home, 'data'),
    PORT: String(port),
    CONTROLLER_PORT: String(controllerPort),
    NEW_PORT: String(newPort),
  }
  // The trace has a file of its own, away from what the commands print; at any end the brokers that the
  // script has left go with it.
  const begin =
    `exec 9>${trace}; BASH_XTRACEFD=9; PS4='+\${LINENO}:'; trap 'set +e; jobs -p | xargs -r kill; wait' EXIT; ` +
    `set -euxo pipefail; . ${file}`
  const program = startProgram('bash', ['-c', begin], {
    logFile: path.join(home, 'out'),
    cwd: home,
    env,
  })
  trial.after(() => program.kill())
  const code = await program.ended
  return {
    code,
    out: readFileSync(program.logFile, 'utf8'),
    traced: readFileSync(trace, 'utf8'),
  }
}

/** KAFKA/bin as Apache's tarball has it, and `samsa` of this checkout. */
function shims(kafka: string, version: ApacheVersion): void {
  const bin = path.join(kafka, 'bin')
  const ours = path.join(kafka, 'ours')
  for (const dir of [bin, ours]) mkdirSync(dir, { recursive: true })
  const write = (file: string, command: string) => {
    writeFileSync(file, `#!/bin/sh\nexec ${command} "$@"\n`)
    chmodSync(file, 0o755)
  }
  const java = (of: ApacheVersion, className: string) => {
    const options = ['-Xmx512m', ...JVM_OPTIONS, ...loggingOptions(kafka)].join(' ')
    return `java -cp '${classPath(of)}' ${options} ${className}`
  }
  for (const [name, className] of Object.entries(SCRIPTS)) {
    write(path.join(bin, name), java(TOOLS_VERSION, className))
  }
  for (const [name, className] of Object.entries(BROKER_SCRIPTS)) {
    write(path.join(bin, name), java(version, className))
  }
  write(path.join(ours, 'samsa'), `${process.execPath} ${path.resolve('bin', 'samsa')}`)
}
