// One long run: batches until the minutes are over, one fails or it is asked to stop. A batch is a process
// of its own, so that what it holds of memory and handles ends with it.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BatchOutcome, Campaign, Finished } from './campaign.ts'

export interface RunOutcome extends BatchOutcome {
  readonly to: number
  readonly minutes: number
}

/** Something that can be asked to stop: what is under way is thrown away, what is done counts. */
export class Stop {
  isAsked = false
  child: ChildProcess | undefined

  ask(): void {
    this.isAsked = true
    if (this.child?.pid !== undefined) process.kill(-this.child.pid, 'SIGTERM')
  }
}

/** At least one batch, whatever the minutes; undefined when it was stopped before the end of the first. */
export async function runCampaign(
  campaign: Campaign,
  from: number,
  minutes: number,
  stop: Stop,
): Promise<RunOutcome | undefined> {
  const started = performance.now()
  const passed = () => (performance.now() - started) / 60_000
  let count = 0
  let next = from
  const failedSeeds: number[] = []
  do {
    const to = next + campaign.batch - 1
    const finished = await play(campaign, next, to, stop)
    if (stop.isAsked) break
    const outcome = campaign.read(finished, next, to)
    count += outcome.count
    failedSeeds.push(...outcome.failedSeeds)
    if (failedSeeds.length > 0) process.stdout.write(`${finished.output.slice(-6000)}\n`)
    const done = `${campaign.name} ${next}-${to}: ${outcome.count} ${campaign.unit}`
    process.stdout.write(`${done}, ${passed().toFixed(1)} minutes\n`)
    next = to + 1
  } while (passed() < minutes && failedSeeds.length === 0)
  if (next === from) return undefined
  // As the row will have it, so that a sum is the same when the rows are read again.
  return { count, failedSeeds, to: next - 1, minutes: Math.round(passed() * 10) / 10 }
}

function play(campaign: Campaign, from: number, to: number, stop: Stop): Promise<Finished> {
  const directory = mkdtempSync(path.join(tmpdir(), 'samsa-long-'))
  const reportFile = path.join(directory, 'report.json')
  const { command, args, env } = campaign.command(from, to, reportFile)
  return new Promise((resolve, reject) => {
    // A group of its own: what the command starts is stopped with it.
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
    })
    stop.child = child
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-400_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', (exitCode) => {
      stop.child = undefined
      const report = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : ''
      rmSync(directory, { recursive: true, force: true })
      resolve({ exitCode, output, report })
    })
  })
}
