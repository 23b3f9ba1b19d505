// The words after `samsa COMMAND` as options and operands, with one sentence for what is wrong. The
// parsing is node:util's parseArgs; the declarations also make the help text.
import { parseArgs } from 'node:util'
import { nearest } from '../config/nearest.ts'
import { usageFailure } from '../config/start-failure.ts'

export interface OptionDeclaration {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** May be given several times. */
  readonly multiple?: true
  /** What the help calls the value. */
  readonly value?: string
  readonly doc: string
}

export interface CommandDeclaration {
  readonly name: string
  readonly summary: string
  /** Operands as the help shows them: `TOPIC`, `[FILE]`. */
  readonly operands: readonly string[]
  readonly options: Readonly<Record<string, OptionDeclaration>>
  /** Lines to copy. */
  readonly examples?: readonly string[]
}

type OptionValue<O extends OptionDeclaration> = O extends { multiple: true }
  ? readonly string[]
  : O extends { type: 'boolean' }
    ? boolean
    : string | undefined

export interface Arguments<D extends CommandDeclaration> {
  readonly options: { readonly [Name in keyof D['options']]: OptionValue<D['options'][Name]> }
  readonly operands: readonly string[]
}

/** Throws StartFailure (exit code 2). */
export function parseArguments<D extends CommandDeclaration>(
  declaration: D,
  words: readonly string[],
): Arguments<D> {
  const { tokens } = parseArgs({
    args: [...words],
    options: declaration.options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(declaration.options)) {
    values[name] = option.multiple ? [] : option.type === 'boolean' ? false : undefined
  }
  const operands: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind === 'option') takeOption(declaration, values, token)
  }
  checkOperands(declaration, operands)
  return { options: values as Arguments<D>['options'], operands }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

function takeOption(
  { name: command, options }: CommandDeclaration,
  values: Record<string, unknown>,
  token: OptionToken,
): void {
  if (!Object.hasOwn(options, token.name)) {
    const near = nearest(token.name, Object.keys(options))
    const hint = near === undefined ? `see samsa ${command} --help.` : `did you mean --${near}?`
    throw usageFailure(`samsa ${command} has no option ${token.rawName}: ${hint}`)
  }
  const option = options[token.name]!
  if (option.type === 'boolean') {
    if (token.value !== undefined) throw usageFailure(`${token.rawName} takes no value.`)
    values[token.name] = true
    return
  }
  const isOption = !token.inlineValue && /^-[^\d]/.test(token.value ?? '')
  if (token.value === undefined || isOption) {
    throw usageFailure(`${token.rawName} needs a value: ${option.value ?? 'VALUE'}.`)
  }
  if (option.multiple) (values[token.name] as string[]).push(token.value)
  else values[token.name] = token.value
}

function checkOperands(declaration: CommandDeclaration, operands: readonly string[]): void {
  const { name, operands: declared } = declaration
  const isOpen = declared.at(-1)?.endsWith('...]') ?? false
  if (operands.length > declared.length && !isOpen) {
    throw usageFailure(
      `samsa ${name} does not know what to do with '${operands[declared.length]}': ` +
        `see samsa ${name} --help.`,
    )
  }
  const missing = declared.slice(operands.length).find((operand) => !operand.startsWith('['))
  if (missing !== undefined) {
    throw usageFailure(`samsa ${name} needs ${missing}: see samsa ${name} --help.`)
  }
}

/** The help of one command, line end included. */
export function helpOf(declaration: CommandDeclaration): string {
  const { name, summary, operands, options, examples } = declaration
  const rows = Object.entries(options).map(([option, { short, value, type, doc }]) => {
    const names = `${short ? `-${short}, ` : ''}--${option}`
    return [type === 'boolean' ? names : `${names} ${value ?? 'VALUE'}`, doc] as const
  })
  const usage = ['samsa', name, ...operands, rows.length > 0 ? '[OPTIONS]' : ''].join(' ').trim()
  const parts = [`${summary}\n\nUsage: ${usage}\n`]
  if (rows.length > 0) parts.push(`Options:\n${columns(rows)}`)
  if (examples) parts.push(`Examples:\n${examples.map((line) => `  ${line}\n`).join('')}`)
  return parts.join('\n')
}

/** Rows of name and text, aligned. */
export function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}\n`).join('')
}
