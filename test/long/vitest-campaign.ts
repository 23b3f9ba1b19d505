// Campaigns of the unit tests that take their seeds from LONG_SEEDS (test/support/seeds.ts) and have the
// seed in their names.
import type { BatchOutcome, Campaign, Finished } from './campaign.ts'

export interface SeededTests {
  readonly name: string
  readonly about: string
  readonly files: readonly string[]
  readonly unit: string
  /** What one test does of it. */
  readonly perTest: number
  readonly firstSeed: number
  readonly batch: number
}

export function seededTests(tests: SeededTests): Campaign {
  const { name, about, files, unit, perTest, firstSeed, batch } = tests
  return {
    name,
    about,
    unit,
    firstSeed,
    batch,
    command: (from, to, reportFile) => ({
      command: process.execPath,
      args: [
        'node_modules/vitest/vitest.mjs',
        'run',
        ...files,
        '--testNamePattern=seed \\d',
        '--reporter=json',
        `--outputFile=${reportFile}`,
      ],
      env: { LONG_SEEDS: `${from}-${to}` },
    }),
    read: (finished) => readReport(finished, perTest),
    replay: (seed) =>
      `LONG_SEEDS=${seed}-${seed} npx vitest run ${files.join(' ')} --testNamePattern 'seed \\d'`,
  }
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

function readReport({ exitCode, output, report }: Finished, perTest: number): BatchOutcome {
  if (report === '') throw new Error(`vitest wrote no report:\n${output.slice(-3000)}`)
  const { testResults } = JSON.parse(report) as Report
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failedSeeds = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => Number(/seed (\d+)/.exec(fullName)?.[1]))
  if (exitCode !== 0 && failedSeeds.length === 0) {
    throw new Error(`vitest ended with ${exitCode}, but no test failed:\n${output.slice(-3000)}`)
  }
  if (passed + failedSeeds.length === 0) throw new Error('vitest found no test of these seeds')
  return { count: passed * perTest, failedSeeds: [...new Set(failedSeeds)].sort((a, b) => a - b) }
}
