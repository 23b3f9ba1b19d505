// Loads a CommonJS file with the code that V8 compiled in an earlier run, and keeps that code for the
// next one: docs/decisions/0006. From Node 22 on Node does that itself.
import { createHash } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'

/** Programs of other versions and checkouts may want theirs too. */
const MOST_FILES = 8
const DIGEST_BYTES = 32

/**
 * Runs `file` and returns its exports, and `keep`, which writes its compiled code into `directory` unless it
 * came from there. What goes wrong with the cache is no error: the file is compiled as usual.
 */
export function loadWithCodeCache(file, directory) {
  const { size, mtimeMs } = statSync(file)
  // V8 itself checks its version, its flags and the length of the source.
  const name = `${path.basename(file)}-${size}-${Math.round(mtimeMs)}-${process.version}-${process.arch}`
  const kept = path.join(directory, name)
  const script = new vm.Script(wrapped(readFileSync(file, 'utf8')), {
    filename: file,
    cachedData: readIntact(kept),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  })
  const module = { exports: {} }
  const run = script.runInThisContext()
  run(module.exports, createRequire(file), module, file, path.dirname(file))
  const isFromCache = script.cachedDataRejected === false
  return {
    exports: module.exports,
    isFromCache,
    keep() {
      if (isFromCache) return
      try {
        mkdirSync(directory, { recursive: true })
        // Another process may read or write the same name now.
        const fresh = `${kept}.${process.pid}`
        const code = script.createCachedData()
        writeFileSync(fresh, Buffer.concat([digest(code), code]))
        renameSync(fresh, kept)
        forgetOldest(directory)
      } catch {
        // A read-only home: every start compiles.
      }
    },
  }
}

function wrapped(source) {
  return `(function (exports, require, module, __filename, __dirname) { ${source}\n})`
}

/** The file is a SHA-256 and the code: V8 does not notice a byte that changed, it runs it. */
function readIntact(file) {
  try {
    const bytes = readFileSync(file)
    const code = bytes.subarray(DIGEST_BYTES)
    return digest(code).equals(bytes.subarray(0, DIGEST_BYTES)) ? code : undefined
  } catch {
    return undefined
  }
}

function digest(code) {
  return createHash('sha256').update(code).digest()
}

function forgetOldest(directory) {
  const files = readdirSync(directory).map((name) => path.join(directory, name))
  const byAge = files.map((file) => ({ file, at: statSync(file).mtimeMs }))
  byAge.sort((left, right) => right.at - left.at)
  for (const { file } of byAge.slice(MOST_FILES)) rmSync(file, { force: true })
}
