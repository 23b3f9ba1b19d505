// `npm run long -- NAME --minutes N [--from SEED] [--campaigns FILE]`: the big form of a random test, from the
// seed after the last one that docs/campaigns.md has of it; appends one row there. A failure prints the seeds
// and the command that plays each again. `--list` names the campaigns; `--self-test` plants a failure.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Campaign } from './campaign.ts'
import { campaigns, planted } from './campaigns.ts'
import { nextSeed, readPage, rowText, sumText, withRow, writePage } from './page.ts'
import { runCampaign, Stop } from './run.ts'
import { selfTest } from './self-test.ts'

const USAGE =
  'npm run long -- NAME --minutes N [--from SEED] [--campaigns FILE] | --list | --self-test'

const args = process.argv.slice(2)
const option = (name: string) => {
  const at = args.indexOf(`--${name}`)
  return at === -1 ? undefined : args[at + 1]
}

if (args.includes('--list')) list()
else if (args.includes('--self-test')) process.exitCode = await selfTest()
else process.exitCode = await long()

async function long(): Promise<number> {
  const campaign = [...campaigns, planted].find(({ name }) => name === args[0])
  const minutes = Number(option('minutes'))
  if (campaign === undefined || !(minutes >= 0)) {
    const names = campaigns.map(({ name }) => name).join(', ')
    process.stderr.write(`usage: ${USAGE}\nNAME is one of ${names}\n`)
    return 2
  }
  const file = option('campaigns') ?? 'docs/campaigns.md'
  const from = Number(option('from') ?? nextSeed(read(file), campaign.name, campaign.firstSeed))
  const commit = commitNow()
  const stop = new Stop()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.ask())
  print(`${campaign.name} from seed ${from} for ${minutes} minutes: ${campaign.about}`)
  const outcome = await runCampaign(campaign, from, minutes, stop)
  if (outcome === undefined) {
    print('stopped before the first batch ended: no row')
    return 1
  }
  const date = new Date().toISOString().slice(0, 10)
  const row = { date, commit, from, unit: campaign.unit, ...outcome }
  // Read again: another run may have written its row in the meantime.
  const campaignsNow = withRow(read(file), campaign.name, row)
  writeFileSync(file, writePage(campaignsNow))
  print(`${file}:\n${rowText(row)}\n${sumText(campaignsNow.get(campaign.name) ?? [])}`)
  for (const seed of outcome.failedSeeds) print(replayText(campaign, seed))
  return outcome.failedSeeds.length === 0 ? 0 : 1
}

function read(file: string) {
  return existsSync(file) ? readPage(readFileSync(file, 'utf8')) : new Map<string, never>()
}

function replayText(campaign: Campaign, seed: number): string {
  return `seed ${seed} failed; again: ${campaign.replay(seed)}`
}

function commitNow(): string {
  const git = (...gitArgs: string[]) => execFileSync('git', gitArgs, { encoding: 'utf8' }).trim()
  const changes = git('status', '--porcelain', '--', '.', ':!docs/campaigns.md')
  return git('rev-parse', '--short', 'HEAD') + (changes === '' ? '' : '+')
}

function list(): void {
  for (const campaign of campaigns) {
    print(`${campaign.name.padEnd(13)} ${campaign.about}`)
    print(`${' '.repeat(14)}one seed again: ${campaign.replay(campaign.firstSeed)}`)
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
