// The compiled programs of the bench: built at their first use into the cache outside the tree, keyed
// by their sources and their compiler, whole or not at all. What Debian provides is named when it is
// missing; scripts/ci/install-packages.sh installs it.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { cacheDir } from '../test/apache/libs.ts'
import { runProgram } from '../test/apache/program.ts'

interface Recipe {
  readonly compiler: 'gcc' | 'go'
  /** The file or folder that is compiled. */
  readonly source: string
  readonly libraries: readonly string[]
}

const RECIPES = {
  frames: { compiler: 'gcc', source: 'bench/load/frames.c', libraries: ['-llz4'] },
  clients: { compiler: 'gcc', source: 'bench/load/clients.c', libraries: ['-lrdkafka'] },
  sink: { compiler: 'gcc', source: 'bench/peers/sink.c', libraries: [] },
  mock: { compiler: 'gcc', source: 'bench/peers/mock.c', libraries: ['-lrdkafka'] },
  kfake: { compiler: 'go', source: 'bench/peers/kfake', libraries: [] },
} as const satisfies Record<string, Recipe>

export type CompiledProgram = keyof typeof RECIPES

const GCC_FLAGS = ['-O2', '-std=gnu17', '-D_GNU_SOURCE', '-pthread', '-Wall', '-Wextra']

/** What a compiler says when it lacks something, and the package that has it. */
const PACKAGES: readonly (readonly [RegExp, string])[] = [
  [/cannot run gcc/, 'gcc'],
  [/cannot run go:/, 'golang (1.26 or newer)'],
  [/rdkafka\w*\.h|-lrdkafka/, 'librdkafka-dev'],
  [/lz4\w*\.h|-llz4/, 'liblz4-dev'],
  [/std(int|io|lib)\.h: No such file/, 'libc6-dev'],
]

/** The path of that program, compiled now if it is not yet. */
export function compiled(name: CompiledProgram): string {
  const recipe: Recipe = RECIPES[name]
  const digest = createHash('sha256').update(compilerVersion(recipe.compiler))
  for (const file of sourcesOf(recipe)) digest.update(`\0${file}\0`).update(readFileSync(file))
  const binary = path.join(cacheDir(), `bench-${name}-${digest.digest('hex').slice(0, 12)}`)
  if (existsSync(binary)) return binary
  process.stderr.write(`compiling ${name} ...\n`)
  const fresh = `${binary}.${process.pid}`
  try {
    compile(recipe, fresh)
    renameSync(fresh, binary)
  } finally {
    rmSync(fresh, { force: true })
  }
  return binary
}

function compile(recipe: Recipe, output: string): void {
  if (recipe.compiler === 'gcc') {
    run('gcc', [...GCC_FLAGS, '-o', output, path.resolve(recipe.source), ...recipe.libraries])
    return
  }
  const build = ['build', '-mod=readonly', '-trimpath', '-o', output, '.']
  run('go', build, path.resolve(recipe.source))
}

/** Every file that the compiler may read of ours. */
function sourcesOf(recipe: Recipe): string[] {
  if (recipe.compiler === 'go') return filesOf(recipe.source, '')
  return [recipe.source, ...filesOf('bench/load', '.h'), ...filesOf('bench/peers', '.h')]
}

function filesOf(folder: string, ending: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ending))
  return files.toSorted().map((file) => path.join(folder, file))
}

const versions = new Map<string, string>()

function compilerVersion(compiler: Recipe['compiler']): string {
  const known = versions.get(compiler)
  if (known !== undefined) return known
  const printed = run(compiler, [compiler === 'gcc' ? '--version' : 'version'])
  versions.set(compiler, printed)
  return printed
}

function run(command: string, args: readonly string[], cwd?: string): string {
  try {
    const options = { timeoutMs: 300_000, ...(cwd === undefined ? {} : { cwd }) }
    return runProgram(command, args, options)
  } catch (error) {
    const found = PACKAGES.find(([pattern]) => pattern.test(String(error)))
    if (found === undefined) throw error
    const why = `Debian's ${found[1]} is missing: run scripts/ci/install-packages.sh`
    throw new Error(why, { cause: error })
  }
}
