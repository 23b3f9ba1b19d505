// The rdkafka crate: librdkafka as the crate brings it, compiled into the program with zlib and zstd. The
// versions that decide what it is are pinned in Cargo.toml; cargo makes its lock in the cache.
import { copyFileSync, cpSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { requireTool } from '../../../apache/libs.ts'
import { runProgram } from '../../../apache/program.ts'
import { fetched } from '../../fetched.ts'
import type { ClientProgram } from '../client-program.ts'

const CRATE = 'test/interop/matrix/programs/rust'
const SOURCES = readdirSync(`${CRATE}/src`).sort()
const FILES = [`${CRATE}/Cargo.toml`, ...SOURCES.map((name) => `${CRATE}/src/${name}`)]
const PROGRAM = 'matrix-rdkafka'

export const rust: readonly ClientProgram[] = [
  {
    name: 'rdkafka',
    title: 'Rust rdkafka 0.39.0',
    language: 'Rust',
    files: FILES,
    prepare: () => [path.join(fetched(PROGRAM, FILES, build), PROGRAM)],
  },
]

/** Leaves the program alone in `fresh`: what it is made of takes more than 100 MB. */
function build(fresh: string): void {
  requireTool('cargo', ['--version'], 'Rust 1.85 or newer')
  requireTool('make', ['--version'], 'scripts/ci/install-packages.sh')
  process.stderr.write('compiling librdkafka and the program around it, a few minutes ...\n')
  const crate = path.join(fresh, 'crate')
  const target = path.join(crate, 'target')
  cpSync(`${CRATE}/src`, path.join(crate, 'src'), { recursive: true })
  copyFileSync(`${CRATE}/Cargo.toml`, path.join(crate, 'Cargo.toml'))
  const options = ['--manifest-path', path.join(crate, 'Cargo.toml'), '--target-dir', target]
  runProgram('nice', ['cargo', 'build', '--release', ...options], { timeoutMs: 900_000 })
  copyFileSync(path.join(target, 'release', PROGRAM), path.join(fresh, PROGRAM))
  rmSync(crate, { recursive: true })
}
