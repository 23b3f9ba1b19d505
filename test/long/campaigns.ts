// All campaigns. Seeds begin where those of the builds cannot be.
import type { Campaign } from './campaign.ts'
import { seededTests } from './vitest-campaign.ts'

const inMemory: readonly Campaign[] = [
  seededTests({
    name: 'log',
    about: 'random operations, crashes and power failures on one log against a model',
    files: ['test/storage/log-random.test.ts'],
    unit: 'operations',
    perTest: 120,
    firstSeed: 1001,
    batch: 200,
  }),
  seededTests({
    name: 'broker-crash',
    about: 'a mixed workload under kills and under power failures in a memory file system',
    files: ['test/broker-crash.test.ts'],
    unit: 'crashes',
    perTest: 20,
    firstSeed: 1001,
    batch: 20,
  }),
  seededTests({
    name: 'requests',
    about: 'requests of every API and version that make no sense, whole and damaged',
    files: ['test/broker-random-requests.test.ts'],
    unit: 'requests',
    perTest: 400,
    firstSeed: 1001,
    batch: 30,
  }),
  seededTests({
    name: 'connections',
    about: 'requests cut anywhere and answered in any order, replies in the order of requests',
    files: ['test/net/connection-model.test.ts'],
    unit: 'steps',
    perTest: 300,
    firstSeed: 10_001,
    batch: 500,
  }),
  seededTests({
    name: 'groups',
    about: 'consumers that join, commit, crash and leave against a model of a group',
    files: ['test/coordinator/group/group-model.test.ts'],
    unit: 'steps',
    perTest: 600,
    firstSeed: 1001,
    batch: 200,
  }),
  seededTests({
    name: 'machines',
    about: 'failing appends, late commits and lost tails under every state machine',
    files: [
      'test/machine/host.test.ts',
      'test/controller/conformance.test.ts',
      'test/coordinator/group/shard-conformance.test.ts',
    ],
    unit: 'schedules',
    perTest: 1,
    firstSeed: 1001,
    batch: 200,
  }),
]

const ORACLE_LENGTH = 120
const ORACLE = `-- --only random- --length ${ORACLE_LENGTH}`

/** Long sequences: what is cheap in the oracle of a build is that they are short. */
const oracle: Campaign = {
  name: 'oracle',
  about: `sequences of ${ORACLE_LENGTH} random requests, every answer compared with Apache Kafka's`,
  unit: 'answers',
  // Beyond the seeds that a build draws.
  firstSeed: 2_000_001,
  batch: 40,
  command: (from, to) => ({
    command: 'npm',
    args: `run -s oracle ${ORACLE} --seed ${from} --sequences ${to - from + 1}`.split(' '),
  }),
  read({ exitCode, output }, from) {
    const compared = /^(\d+) answers of \d+ scenarios compared/m.exec(output)
    if (compared === null) throw new Error(`the oracle compared nothing:\n${output.slice(-3000)}`)
    const failedSeeds = [...output.matchAll(/^seed (\d+) differs with/gm)].map((found) =>
      Number(found[1]),
    )
    // An answer that does not re-encode to its own bytes names no seed; the batch is played again whole.
    if (exitCode !== 0 && failedSeeds.length === 0) failedSeeds.push(from)
    return { count: Number(compared[1]), failedSeeds }
  },
  replay: (seed) => `npm run oracle ${ORACLE} --seed ${seed} --sequences 1`,
}

/** The outcome of `npm run interop`: its last line counts expectations. */
function readInterop(output: string): { passed: number; failed: number } {
  const found = /(\d+) passed, (\d+) failed\s*$/.exec(output)
  if (found === null) throw new Error(`interop did not end:\n${output.slice(-3000)}`)
  return { passed: Number(found[1]), failed: Number(found[2]) }
}

const kills: Campaign = {
  name: 'kills',
  about: 'kill -9 on the real disk under acks=all, idempotence and a group that commits',
  unit: 'kills',
  firstSeed: 21,
  batch: 40,
  command: (from, to) => ({
    command: 'npm',
    args: ['run', '-s', 'interop', '--', 'crash', `--kills=${from}-${to}`],
  }),
  // What is lost is found at the end of a batch, so its first kill stands for all of it.
  read: ({ output }, from, to) => ({
    count: to - from + 1,
    failedSeeds: readInterop(output).failed === 0 ? [] : [from],
  }),
  replay: (seed) => `npm run interop -- crash --kills=${seed}-${seed + 39}`,
}

const directories: Campaign = {
  name: 'directories',
  about:
    'every way of changing hands between Apache Kafka and Samsa; its seeds only count the runs',
  unit: 'expectations',
  firstSeed: 1,
  batch: 1,
  command: () => ({
    command: 'npm',
    args: ['run', '-s', 'interop', '--', 'directories', '--full'],
  }),
  read({ output }, from) {
    const { passed, failed } = readInterop(output)
    return { count: passed, failedSeeds: failed === 0 ? [] : [from] }
  },
  replay: () => 'npm run interop -- directories --full',
}

export const campaigns: readonly Campaign[] = [...inMemory, oracle, kills, directories]

/** For the self-test: fails at the seed that LONG_PLANTED names. */
export const planted: Campaign = seededTests({
  name: 'planted',
  about: 'draws of the same seed, for the self-test',
  files: ['test/support/seeds.test.ts'],
  unit: 'draws',
  perTest: 1,
  firstSeed: 1,
  batch: 4,
})
