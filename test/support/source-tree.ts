// The source as data, for the tests that read it: which files there are, what they import, and
// their text without comments and strings. Reads the checkout once.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

export interface SourceFile {
  readonly path: string
  readonly text: string
  /** The text with comments and the contents of strings blanked; lines stay where they are. */
  readonly code: string
  readonly imports: readonly string[]
  /** Without those that are gone when the types are. */
  readonly valueImports: readonly string[]
}

export const root = path.resolve(import.meta.dirname, '../..')

/** All files that git tracks or would track, relative to the root, existing only. */
export function listFiles(): string[] {
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root })
  const names = out.toString().split('\n')
  return names.filter((name) => name !== '' && existsSync(path.join(root, name))).toSorted()
}

export function readSource(name: string): SourceFile {
  const text = readFileSync(path.join(root, name), 'utf8')
  const code = blank(text)
  const imports = importsOf(name, text, true)
  return { path: name, text, code, imports, valueImports: importsOf(name, text, false) }
}

function importsOf(name: string, text: string, typesToo: boolean): string[] {
  const statements =
    /(?:^|\n)(?:import|export)\s+((?:[\w*\s,]*\{[^}]*\}|[\w*\s,]+)\s+)from\s+'([^']+)'/g
  const found = [...text.matchAll(statements)].filter(
    (match) => typesToo || !match[1]!.startsWith('type '),
  )
  const lazy = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map((match) => match[1]!)
  return [...found.map((match) => match[2]!), ...lazy].map((target) => resolve(name, target))
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier
  return path.posix.normalize(path.posix.join(path.posix.dirname(from), specifier))
}

/** Blanks comments, and what stands inside quotes, with spaces. Template text stays. */
function blank(text: string): string {
  return text.replaceAll(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g,
    (match) => match.replaceAll(/[^\n]/g, ' '),
  )
}
