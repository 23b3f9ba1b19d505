// The rules of the source as a test over the source: layers, cycles, sizes, banned calls and names,
// mirrored API files, living files, a whole lock. The layer table stands here and nowhere else.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { listFiles, readSource, root, type SourceFile } from './support/source-tree.ts'

/** What a folder may import from, besides itself. The longest matching prefix counts. */
const LAYERS: Record<string, readonly string[]> = {
  base: [],
  protocol: ['base'],
  storage: ['base', 'protocol'],
  'src/net': ['base', 'protocol', 'storage'],
  'src/raft': ['base', 'protocol', 'storage'],
  'src/machine': ['base', 'protocol', 'storage'],
  'src/config': ['base', 'protocol', 'storage'],
  'src/telemetry': ['base', 'protocol', 'storage'],
  'src/controller': ['LOW'],
  'src/coordinator': ['LOW', 'src/controller'],
  'src/partition': ['LOW', 'src/controller'],
  'src/handlers': ['LOW', 'src/controller', 'src/coordinator', 'src/partition'],
  'src/assembly': ['LOW', 'src/controller', 'src/coordinator', 'src/partition', 'src/handlers'],
  'src/broker.ts': [
    'LOW',
    'src/assembly',
    'src/controller',
    'src/coordinator',
    'src/partition',
    'src/handlers',
  ],
  'src/client': ['base', 'protocol', 'src/net'],
  'src/cli': ['base', 'protocol', 'storage', 'src'],
  'src/index.ts': ['base', 'protocol', 'storage', 'src'],
}
const LOW = ['base', 'protocol', 'storage', 'src/net', 'src/raft', 'src/machine', 'src/config']

/** The only files that may touch the process's files, network, time and chance. */
const SEAMS: Record<string, RegExp> = {
  'base/clock.ts': /performance|setTimeout|clearTimeout|setImmediate/,
  'base/random.ts': /node:crypto/,
  'storage/fs/node-fs.ts': /node:(fs|net)/,
  'storage/fs/node-lock.ts': /node:(fs|net)/,
  'src/net/tcp-network.ts': /node:net/,
  'src/net/tcp-socket.ts': /node:net/,
  'src/net/scratch-socket.ts': /node:net/,
}

/** Hot-path files over a limit, each with its reason (ten at most). */
const LONG_FILES: Record<string, string> = {
  'storage/log.ts': 'append, write, cut and read share the ends of one log',
}
const LONG_FUNCTIONS: Record<string, string> = {}

/** Tables: data and nothing else. */
const TABLES = [/^protocol\/errors\.ts$/, /^src\/config\/keys\//, /^protocol\/(api|state)\//]

const files = listFiles()
const sources = files
  .filter((name) => /^(base|protocol|storage|src)\/.*\.ts$/.test(name))
  .map((name) => readSource(name))
const tests = files
  .filter((name) => /^(test|bench)\/.*\.ts$/.test(name))
  .map((name) => readSource(name))

describe('layers', () => {
  test('a file imports only from its own folder and the layers below it', () => {
    const wrong = sources.flatMap((file) =>
      file.imports
        .filter((target) => !mayImport(file.path, target))
        .map((to) => `${file.path} -> ${to}`),
    )
    expect(wrong).toEqual([])
  })

  test('no file imports itself over others, types aside', () => {
    expect(cycles(sources)).toEqual([])
  })

  test('every source file is reached from an entry point, a script or a test', () => {
    const reached = reachable(
      [...sources, ...tests],
      ['src/index.ts', 'src/cli/main.ts', 'protocol/index.ts', 'storage/index.ts'],
    )
    expect(sources.map((file) => file.path).filter((name) => !reached.has(name))).toEqual([])
  })
})

describe('the four seams', () => {
  const banned: [RegExp, string][] = [
    [/from 'node:(fs|net|tls|dns|dgram|worker_threads|child_process)(\/\w+)?'/, 'files or network'],
    [/\bDate\b(?!\w)/, 'Date'],
    [/\bperformance\./, 'performance'],
    [/\bprocess\.(hrtime|env|on|once|nextTick)\b/, 'process'],
    [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\(/, 'timers'],
    [/\bMath\.random\b/, 'Math.random'],
    [/\bcrypto\.(random|getRandom)/, 'crypto.random'],
    [/\bconsole\./, 'console'],
  ]
  test('nothing outside a seam touches files, network, time or chance', () => {
    const wrong = sources
      .filter((file) => SEAMS[file.path] === undefined && !file.path.startsWith('src/cli/'))
      .flatMap((file) =>
        banned
          .filter(([pattern, what]) =>
            pattern.test(what === 'files or network' ? file.text : file.code),
          )
          .map(([, what]) => `${file.path}: ${what}`),
      )
    expect(wrong).toEqual([])
  })

  test('every seam listed here exists and still needs its exception', () => {
    for (const [name, needs] of Object.entries(SEAMS)) {
      const file = sources.find((source) => source.path === name)
      if (file !== undefined) expect(file.text).toMatch(needs)
    }
  })
})

describe('sizes', () => {
  test('files have at most 500 lines, tests 800', () => {
    const wrong = [
      ...sources
        .filter((file) => !isTable(file.path) && !LONG_FILES[file.path])
        .map((f) => [f, 500] as const),
      ...tests.map((f) => [f, 800] as const),
    ].filter(([file, most]) => lineCount(file.text) > most)
    expect(wrong.map(([file]) => `${file.path}: ${lineCount(file.text)}`)).toEqual([])
  })

  test('lines have at most 100 columns, but for a string that cannot be broken', () => {
    const wrong = sources
      .filter((file) => !isTable(file.path))
      .flatMap((file) =>
        file.text
          .split('\n')
          .flatMap((line, i) =>
            line.length > 100 && !/^\s*(import|.*['`]).*['`)]/.test(line)
              ? [`${file.path}:${i + 1}`]
              : [],
          ),
      )
    expect(wrong).toEqual([])
  })

  test('functions have at most 70 lines and four positional parameters', () => {
    const wrong = sources
      .filter((file) => !isTable(file.path))
      .flatMap((file) => longFunctions(file))
    expect(wrong).toEqual([])
  })

  test('the lists of exceptions are short and alive', () => {
    const listed = [...Object.keys(LONG_FILES), ...Object.keys(LONG_FUNCTIONS)]
    expect(listed.length).toBeLessThanOrEqual(10)
    for (const key of listed) expect(files).toContain(key.split(':')[0])
  })
})

describe('names', () => {
  test('no file or declared name uses a word that says nothing', () => {
    const words = /(Manager|Service|Helper|Utils|Util|Impl)\b/
    const declared = /\b(?:class|interface|type|const|let|function)\s+([A-Za-z_$][\w$]*)/g
    const wrong = sources
      .filter((file) => !file.path.startsWith('protocol/'))
      .flatMap((file) =>
        [...file.code.matchAll(declared)]
          .map((match) => match[1]!)
          .filter((name) => words.test(name))
          .map((name) => `${file.path}: ${name}`),
      )
    expect(wrong).toEqual([])
  })

  test('files are kebab-case nouns, and none is called after a layer', () => {
    const wrong = sources
      .map((file) => file.path)
      .filter(
        (name) =>
          !/^([a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(name) ||
          /\/(types|constants|helpers|utils|util|common|misc)\.ts$/.test(name),
      )
    expect(wrong).toEqual([])
  })

  test('every source file opens with a comment that says what it owns', () => {
    const silent = sources.filter((file) => !/^(\/\/|\/\*)/.test(file.text) && !isTable(file.path))
    expect(silent.map((file) => file.path)).toEqual([])
  })

  test('no escape from the type checker, and no unfinished work', () => {
    const patterns: [RegExp, string][] = [
      [/\bas any\b|: any\b|<any>/, 'any'],
      [/@ts-(ignore|expect-error|nocheck)/, 'ts-ignore'],
      [/\b(TODO|FIXME|XXX)\b/, 'unfinished'],
      [/\bexport default\b/, 'default export'],
      [/\b(enum|namespace)\s+[A-Z]\w*\s*\{/, 'enum or namespace'],
      [/\bnew Function\b/, 'new Function'],
    ]
    const wrong = sources.flatMap((file) =>
      patterns
        .filter(([, what]) => what !== 'new Function' || file.path !== 'protocol/schema/compile.ts')
        .filter(([pattern, what]) =>
          pattern.test(/unfinished|ts-ignore/.test(what) ? file.text : file.code),
        )
        .map(([, what]) => `${file.path}: ${what}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('the protocol table', () => {
  test('every handler has the schema of the same name, and is registered once', () => {
    const handlers = numbered('src/handlers')
    const schemas = numbered('protocol/api')
    expect(handlers.filter((name) => !schemas.includes(name))).toEqual([])
    const index = readFileSync(path.join(root, 'src/handlers/index.ts'), 'utf8')
    const missing = handlers.filter((name) => index.split(`'./${name}.ts'`).length !== 2)
    expect(missing).toEqual([])
  })
})

describe('the package', () => {
  test('the lock names no registry and holds every optional platform package', () => {
    const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>
    }
    const missing: string[] = []
    for (const [where, entry] of Object.entries(lock.packages)) {
      expect(entry.resolved ?? '').not.toMatch(/^http/)
      for (const name of Object.keys(entry.optionalDependencies ?? {})) {
        const nested = `${where}/node_modules/${name}`
        if (!lock.packages[`node_modules/${name}`] && !lock.packages[nested])
          missing.push(`${where}: ${name}`)
      }
    }
    expect(missing).toEqual([])
  })

  test('links in the documents lead to files', () => {
    const broken = files
      .filter((name) => name.endsWith('.md'))
      .flatMap((name) => {
        const text = readFileSync(path.join(root, name), 'utf8')
        return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
          .map((match) => path.join(path.dirname(name), match[1]!))
          .filter((target) => !existsSync(path.join(root, target)))
          .map((target) => `${name} -> ${target}`)
      })
    expect(broken).toEqual([])
  })
})

function mayImport(from: string, to: string): boolean {
  if (!/^(base|protocol|storage|src)\//.test(to)) return true
  const layer = prefixOf(from)
  if (layer === undefined) return false
  const allowed = LAYERS[layer]!.flatMap((name) =>
    name === 'LOW' ? [...LOW, 'src/telemetry'] : [name],
  )
  return [layer, ...allowed].some((prefix) => to === prefix || to.startsWith(`${prefix}/`))
}

function prefixOf(name: string): string | undefined {
  const prefixes = Object.keys(LAYERS).filter((p) => name === p || name.startsWith(`${p}/`))
  return prefixes.toSorted((a, b) => b.length - a.length)[0]
}

function cycles(all: readonly SourceFile[]): string[] {
  const byPath = new Map(all.map((file) => [file.path, file]))
  const done = new Set<string>()
  const found: string[] = []
  const visit = (name: string, trail: readonly string[]): void => {
    if (trail.includes(name)) found.push([...trail.slice(trail.indexOf(name)), name].join(' -> '))
    if (done.has(name) || trail.includes(name)) return
    for (const next of byPath.get(name)?.valueImports ?? [])
      if (byPath.has(next)) visit(next, [...trail, name])
    done.add(name)
  }
  for (const name of byPath.keys()) visit(name, [])
  return found
}

function reachable(all: readonly SourceFile[], entries: readonly string[]): Set<string> {
  const byPath = new Map(all.map((file) => [file.path, file]))
  const reached = new Set<string>()
  const queue = [...entries, ...tests.map((file) => file.path)]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    queue.push(...(byPath.get(name)?.imports ?? []))
  }
  return reached
}

/** Functions and methods by their indentation: from the line that opens one to the closing brace. */
function longFunctions(file: SourceFile): string[] {
  const lines = file.code.split('\n')
  const opens =
    /^(\s*)(?:export )?(?:async )?(?:function\*? (\w+)|(?:static |override )?(#?\w+))\s*(?:<[^(]*>)?\(/
  const found: string[] = []
  for (const [i, line] of lines.entries()) {
    const match = opens.exec(line)
    if (match === null || /^\s*(if|for|while|switch|return|catch|super|await|expect)\b/.test(line))
      continue
    const name = match[2] ?? match[3]!
    const indent = match[1]!
    const body = lines.findIndex(
      (other, j) => j >= i && new RegExp(`^${indent}\\S.*\\{$|^${indent}\\}.*\\{$`).test(other),
    )
    if (body === -1 || body - i > 12) continue
    const end = lines.findIndex((other, j) => j > body && other.startsWith(`${indent}}`))
    const key = `${file.path}:${name}`
    if (end - i + 1 > 70 && !LONG_FUNCTIONS[key]) found.push(`${key}: ${end - i + 1} lines`)
    const parameters = parameterCount(lines.slice(i, body + 1).join('\n'))
    // The file seam has the shape of read(2) and write(2).
    if (parameters > 4 && !LONG_FUNCTIONS[key] && !/-fs\.ts:/.test(key)) {
      found.push(`${key}: ${parameters} parameters`)
    }
  }
  return found
}

function parameterCount(head: string): number {
  const open = head.indexOf('(')
  let depth = 0
  let commas = 0
  let last = ''
  for (let i = open; i < head.length; i++) {
    const char = head[i]!
    if (char === '=' && head[i + 1] === '>') {
      i++
      continue
    }
    if ('([{<'.includes(char)) depth++
    if (')]}>'.includes(char)) depth--
    if (depth === 0) break
    if (depth === 1 && char === ',') commas++
    if (!/\s/.test(char)) last = char
  }
  return commas + (last === ',' || last === '(' ? 0 : 1)
}

function numbered(folder: string): string[] {
  return files
    .filter((name) => name.startsWith(`${folder}/`) && /\/\d\d-[^/]+\.ts$/.test(name))
    .map((name) => path.basename(name, '.ts'))
}

function lineCount(text: string): number {
  return text.split('\n').length - 1
}

function isTable(name: string): boolean {
  return TABLES.some((pattern) => pattern.test(name))
}
