// Builds dist/: ESM bundles (the program in one file, the other entries with shared chunks), the
// CommonJS form of the entries that test runners require, and the type declarations. Runs from
// `npm ci` (prepare) and `npm run build`.
import { existsSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import path from 'node:path'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

// A packed tarball carries dist/ but neither sources nor development dependencies.
if (!existsSync('src')) process.exit(0)

let esbuild
try {
  esbuild = await import('esbuild')
} catch {
  console.error(
    'samsa: building needs the development dependencies: run `npm ci` without --omit=dev.',
  )
  process.exit(1)
}

rmSync('dist', { recursive: true, force: true })

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
}
const commonJs = {
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  // Under CommonJS import.meta.url is undefined; createRequire needs a real file URL.
  define: { 'import.meta.url': '__samsaFileUrl' },
  banner: { js: 'const __samsaFileUrl = require("node:url").pathToFileURL(__filename).href;' },
}
await esbuild.build({
  ...common,
  entryPoints: {
    index: 'src/index.ts',
    protocol: 'protocol/index.ts',
    storage: 'storage/index.ts',
  },
  format: 'esm',
  splitting: true,
  outdir: 'dist',
})
// One file for the program: finding and linking thirty chunks costs a start 20 ms. CommonJS, because
// only its compiled code can be kept for the next start (docs/decisions/0006).
await esbuild.build({
  ...common,
  ...commonJs,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
})
await esbuild.build({
  ...common,
  ...commonJs,
  entryPoints: { index: 'src/index.ts' },
  outdir: 'dist/cjs',
})

const tsc = spawnSync(
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
  {
    stdio: 'inherit',
  },
)
process.exit(tsc.status ?? 1)
