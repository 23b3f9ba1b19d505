// The harness under a planted failure: it must end with 1, say so in its row, name the seed and a command
// that fails again; without the failure it passes and goes on after the seeds it has.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readPage } from './page.ts'

const SEED = 7

export function selfTest(): Promise<number> {
  const directory = mkdtempSync(path.join(tmpdir(), 'samsa-long-'))
  try {
    return Promise.resolve(judge(path.join(directory, 'campaigns.md')))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function judge(file: string): number {
  const failed = run(file, ['--from', '5'], { LONG_PLANTED: String(SEED) })
  const replay = /^seed 7 failed; again: (.*)$/m.exec(failed.stdout)?.[1]
  const again = replay === undefined ? 0 : shell(replay, { LONG_PLANTED: String(SEED) })
  const passing = replay === undefined ? 1 : shell(replay, {})
  const next = run(file, [], {})
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const rows = readPage(text).get('planted') ?? []
  const seeds = rows.map(({ from, to, failedSeeds }) => [from, to, failedSeeds])
  const expectations: [string, boolean, unknown][] = [
    ['a planted failure ends with 1', failed.status === 1, failed],
    ['it names the seed and a command', replay !== undefined, failed.stdout],
    [
      'the command fails again, and only because of the plant',
      again !== 0 && passing === 0,
      replay,
    ],
    ['without the plant it passes', next.status === 0, next],
    [
      'the rows say both, the second goes on after the first',
      JSON.stringify(seeds) === '[[5,8,[7]],[9,12,[]]]',
      seeds,
    ],
    ['the sum says both', text.includes('Sum: 8 seeds, 7 draws,'), text],
  ]
  for (const [what, isTrue, found] of expectations) {
    const shown = isTrue ? '' : `: ${JSON.stringify(found)}`
    process.stdout.write(`${isTrue ? 'ok    ' : 'FAILED'} ${what}${shown}\n`)
  }
  return expectations.every(([, isTrue]) => isTrue) ? 0 : 1
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const long = ['scripts/run-ts.mjs', 'test/long/main.ts', 'planted', '--minutes', '0']
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...long, '--campaigns', file, ...args],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  )
  return { status, stdout, stderr }
}

function shell(command: string, env: NodeJS.ProcessEnv): number | null {
  return spawnSync('sh', ['-c', command], { env: { ...process.env, ...env } }).status
}
