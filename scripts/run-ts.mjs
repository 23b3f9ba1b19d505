// Runs a TypeScript program of the repository: `node scripts/run-ts.mjs FILE [arguments]`. Node 20 does
// not read TypeScript, so the file is bundled into node_modules/.cache first (some 50 ms). The program
// runs in this process, with the repository as its working directory.
import { build } from 'esbuild'
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import path from 'node:path'

const [file, ...rest] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node scripts/run-ts.mjs FILE [arguments]\n')
  process.exit(2)
}
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const entry = path.resolve(file)
process.chdir(root)
const cache = path.join(root, 'node_modules', '.cache', 'samsa')
mkdirSync(cache, { recursive: true })
const name = path.relative(root, entry).replaceAll(/[^A-Za-z0-9]+/g, '-')
const outfile = path.join(cache, `${name}-${process.pid}.mjs`)
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
})
process.setSourceMapsEnabled(true)
process.argv.splice(1, 2, entry)
process.argv.length = 2
process.argv.push(...rest)
process.on('exit', () => rmSync(outfile, { force: true }))
await import(pathToFileURL(outfile).href)
