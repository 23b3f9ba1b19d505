// docs/campaigns.md: the rows of the long runs, read, written and summed. The page is nothing but its rows
// and a heading, so reading it and writing it again gives the same text.

export interface Row {
  /** 2026-11-21 */
  readonly date: string
  /** Short; a plus behind it says that there were changes. */
  readonly commit: string
  readonly from: number
  readonly to: number
  /** Empty when it passed. */
  readonly failedSeeds: readonly number[]
  /** How much was done, in the unit of the campaign. */
  readonly count: number
  readonly unit: string
  readonly minutes: number
}

export type Campaigns = ReadonlyMap<string, readonly Row[]>

const HEAD = `# Campaigns

What \`npm run long -- NAME --minutes N\` has run: the random tests of every build, with seeds that no build
uses. A run goes on after the last seed of its table. A failed row names the seeds; the command that plays
one of them again is printed by the run and by \`npm run long -- --list\`.
`
const COLUMNS = '| date | commit | seeds | outcome | minutes |\n| --- | --- | --- | --- | --- |'
const NAME = /^## ([a-z-]+)$/
const ROW =
  /^\| (\d{4}-\d\d-\d\d) \| ([0-9a-f]+\+?) \| (\d+)-(\d+) \| (passed|failed at [\d ]+), ([\d,]+) ([a-z ]+) \| (\d+\.\d) \|$/

export function readPage(text: string): Campaigns {
  const campaigns = new Map<string, Row[]>()
  let rows: Row[] | undefined
  for (const line of text.split('\n')) {
    const name = NAME.exec(line)?.[1]
    if (name !== undefined) campaigns.set(name, (rows = []))
    if (!/^\| [^d-]/.test(line)) continue
    const row = readRow(line)
    if (rows === undefined || row === undefined) throw new Error(`not a row of a campaign: ${line}`)
    rows.push(row)
  }
  return campaigns
}

function readRow(line: string): Row | undefined {
  const found = ROW.exec(line)
  if (found === null) return undefined
  const [, date = '', commit = '', from, to, outcome = '', count = '', unit = '', minutes] = found
  return {
    date,
    commit,
    from: Number(from),
    to: Number(to),
    failedSeeds: outcome.match(/\d+/g)?.map(Number) ?? [],
    count: Number(count.replaceAll(',', '')),
    unit,
    minutes: Number(minutes),
  }
}

export function writePage(campaigns: Campaigns): string {
  const parts = [...campaigns].map(([name, rows]) => {
    const lines = rows.map((row) => rowText(row))
    return `\n## ${name}\n\n${COLUMNS}\n${lines.join('\n')}\n\n${sumText(rows)}\n`
  })
  return HEAD + parts.join('')
}

export function rowText(row: Row): string {
  const { date, commit, from, to, failedSeeds, count, unit, minutes } = row
  const outcome = failedSeeds.length === 0 ? 'passed' : `failed at ${failedSeeds.join(' ')}`
  const done = `${outcome}, ${grouped(count)} ${unit}`
  return `| ${date} | ${commit} | ${from}-${to} | ${done} | ${minutes.toFixed(1)} |`
}

/** What adds up over the days. A seed that two rows played counts once. */
export function sumText(rows: readonly Row[]): string {
  const days = new Set(rows.map(({ date }) => date)).size
  const count = rows.reduce((sum, row) => sum + row.count, 0)
  const minutes = rows.reduce((sum, row) => sum + row.minutes, 0)
  const failed = rows.filter(({ failedSeeds }) => failedSeeds.length > 0).length
  const seeds = `${grouped(distinctSeeds(rows))} seeds, ${grouped(count)} ${rows[0]?.unit ?? ''}`
  return `Sum: ${seeds}, ${minutes.toFixed(1)} minutes in ${rows.length} runs on ${days} days, ${failed} failed.`
}

function distinctSeeds(rows: readonly Row[]): number {
  let seeds = 0
  let end = -1
  for (const { from, to } of [...rows].sort((one, other) => one.from - other.from)) {
    seeds += Math.max(0, to - Math.max(from, end + 1) + 1)
    end = Math.max(end, to)
  }
  return seeds
}

/** The next seed that no row of the campaign has played. */
export function nextSeed(campaigns: Campaigns, name: string, first: number): number {
  const rows = campaigns.get(name) ?? []
  return Math.max(first, ...rows.map(({ to }) => to + 1))
}

export function withRow(campaigns: Campaigns, name: string, row: Row): Campaigns {
  return new Map([...campaigns, [name, [...(campaigns.get(name) ?? []), row]]])
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
