// The command line of the bench, checked before anything starts.
import { PEERS, type PeerName, type Workload } from './workload.ts'

export interface Options {
  readonly isQuick: boolean
  readonly isJson: boolean
  readonly mode: 'run' | 'list' | 'prepare' | 'self-test' | 'report'
  readonly names: readonly string[]
  readonly peers: readonly PeerName[]
  /** A results file to go on with, or to report. */
  readonly file?: string
  /** No workload begins that would end later. */
  readonly minutes?: number
  /** Instead of what the form says: to try a workload, not to publish it. */
  readonly rounds?: number
}

export const USAGE = `npm run bench -- [options]

  --quick            three minutes, with the gate that CI uses; without it the full form
  --workload NAME    only this one; may be repeated
  --peer NAME        only these of: ${PEERS.join(', ')}; may be repeated
  --resume FILE      goes on with a results file: workloads that it has are not run again
  --minutes N        begins no workload that would end after so many minutes
  --rounds N         instead of what the form says
  --json             prints the results instead of tables; progress goes to stderr
  --list             the workloads, what each answers and how long it takes
  --prepare          compiles and fetches what a run needs, and measures nothing
  --report FILE      writes docs/performance.md and its pictures from a results file
  --self-test        plants faults into Samsa that the gate must catch
`

/** What the gate needs, and what costs next to nothing beside it. */
const QUICK_PEERS = PEERS.filter((peer) => peer !== 'mock' && peer !== 'kfake')

export class UsageError extends Error {}

export function parseOptions(args: readonly string[], workloads: readonly Workload[]): Options {
  const names: string[] = []
  const peers: PeerName[] = []
  const flags = new Set<string>()
  const values = new Map<string, string>()
  for (let i = 0; i < args.length; i++) {
    const name = args[i]!
    if (['--quick', '--json', '--list', '--prepare', '--self-test'].includes(name)) {
      flags.add(name)
      continue
    }
    const value = args[++i]
    if (value === undefined) throw new UsageError(`${name} is not an option, or needs a value`)
    if (name === '--workload') names.push(value)
    else if (name === '--peer') peers.push(peerOf(value))
    else if (['--resume', '--report', '--minutes', '--rounds'].includes(name))
      values.set(name, value)
    else throw new UsageError(`${name} is not an option`)
  }
  const unknown = names.filter((name) => !workloads.some((one) => one.name === name))
  if (unknown.length > 0) throw new UsageError(`no workload is called ${unknown.join(', ')}`)
  const file = values.get('--resume') ?? values.get('--report')
  const minutes = Number(values.get('--minutes') ?? Infinity)
  const rounds = Number(values.get('--rounds') ?? Infinity)
  if (Number.isNaN(minutes + rounds)) throw new UsageError('--minutes and --rounds are numbers')
  return {
    isQuick: flags.has('--quick'),
    isJson: flags.has('--json'),
    mode: modeOf(flags, values.has('--report')),
    names,
    peers: peers.length > 0 ? peers : flags.has('--quick') ? QUICK_PEERS : PEERS,
    ...(file === undefined ? {} : { file }),
    ...(Number.isFinite(minutes) ? { minutes } : {}),
    ...(Number.isFinite(rounds) ? { rounds } : {}),
  }
}

function modeOf(flags: ReadonlySet<string>, isReport: boolean): Options['mode'] {
  if (isReport) return 'report'
  for (const mode of ['list', 'prepare', 'self-test'] as const) {
    if (flags.has(`--${mode}`)) return mode
  }
  return 'run'
}

function peerOf(name: string): PeerName {
  const found = PEERS.find((peer) => peer === name)
  if (found === undefined) throw new UsageError(`no peer is called ${name}`)
  return found
}
