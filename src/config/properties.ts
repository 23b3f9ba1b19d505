// The .properties format of Java (java.util.Properties.load): comments, continued lines, escapes
// and its three ways to end a key. Knows nothing of what keys mean.

export interface Property {
  readonly name: string
  readonly value: string
  /** Line on which the entry begins, from 1. */
  readonly line: number
}

/** Entries in file order; a name that comes twice is there twice. */
export function parseProperties(text: string): Property[] {
  const entries: Property[] = []
  for (const logical of logicalLines(text.replace(/^\uFEFF/, ''))) {
    const end = keyEnd(logical.text)
    const rest = logical.text.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '')
    entries.push({
      name: unescaped(logical.text.slice(0, end)),
      value: unescaped(rest),
      line: logical.line,
    })
  }
  return entries
}

interface LogicalLine {
  readonly text: string
  readonly line: number
}

function logicalLines(text: string): LogicalLine[] {
  const natural = text.split(/\r\n|\r|\n/)
  const lines: LogicalLine[] = []
  for (let i = 0; i < natural.length; i++) {
    const line = i + 1
    let joined = natural[i]!.replace(/^[ \t\f]+/, '')
    // A comment ends with its line, whatever that ends with.
    if (joined === '' || joined.startsWith('#') || joined.startsWith('!')) continue
    while (endsOpen(joined) && i + 1 < natural.length) {
      i++
      joined = joined.slice(0, -1) + natural[i]!.replace(/^[ \t\f]+/, '')
    }
    if (endsOpen(joined)) joined = joined.slice(0, -1)
    lines.push({ text: joined, line })
  }
  return lines
}

/** An odd number of backslashes at the end continues the line. */
function endsOpen(text: string): boolean {
  return /\\*$/.exec(text)![0].length % 2 === 1
}

function keyEnd(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '\\') i++
    else if ('=: \t\f'.includes(char)) return i
  }
  return text.length
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

/** A backslash before any other character stands for that character: a bad \u is read so too. */
function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, code?: string, char?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    return ESCAPES[char!] ?? char!
  })
}
