// The three Go clients: one module (programs/go) that pins them, a command for each and the package they
// share. Go's own caches keep what it downloads and compiles; the programs go into ours.
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { requireTool } from '../../../apache/libs.ts'
import { runProgram } from '../../../apache/program.ts'
import { fetched } from '../../fetched.ts'
import type { ClientProgram } from '../client-program.ts'

const MODULE = 'test/interop/matrix/programs/go'
const SHARED = [`${MODULE}/go.mod`, `${MODULE}/go.sum`, ...filesOf('lines')]

export const go: readonly ClientProgram[] = [
  program('franz-go', 'franz-go 1.22.2', 'franz'),
  program('sarama', 'sarama 1.61.1', 'sarama'),
  program('kafka-go', 'segmentio kafka-go 0.4.51', 'segmentio'),
]

function program(name: string, title: string, command: string): ClientProgram {
  const files = [...SHARED, ...filesOf(command)]
  return {
    name,
    title,
    language: 'Go',
    files,
    prepare() {
      const built = fetched(`matrix-${name}`, files, (fresh) => {
        requireTool('go', ['version'], 'Go 1.26 or newer')
        const build = ['go', 'build', '-C', MODULE, '-o', path.join(fresh, command)]
        runProgram('nice', [...build, `./${command}`], { timeoutMs: 900_000 })
      })
      return [path.join(built, command)]
    },
  }
}

function filesOf(folder: string): string[] {
  return readdirSync(`${MODULE}/${folder}`)
    .sort()
    .map((name) => `${MODULE}/${folder}/${name}`)
}
