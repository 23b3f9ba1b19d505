// From all sources to one BrokerConfig: defaults, profile, server.properties, environment, command
// line, each over the one before. Owns the rules for values that are wrong, unknown or outdated.
// Reads no file and no process: the texts are passed in.
import { assert } from '../../base/assert.ts'
import { environmentEntries, type Environment } from './environment.ts'
import {
  type BrokerKeyName,
  type BrokerValue,
  brokerKey,
  brokerKeyNames,
  withoutListenerPrefix,
} from './keys/index.ts'
import type { ConfigValue, Key } from './keys/key.ts'
import { REMOVED_KEYS } from './keys/removed.ts'
import { type Listener, parseListeners } from './listeners.ts'
import { nearest } from './nearest.ts'
import { DEVELOPMENT_VALUES } from './profile.ts'
import { parseProperties } from './properties.ts'
import { type StartFailure, usageFailure } from './start-failure.ts'
import { initialValue, parseValue } from './value.ts'

/** Where a value came from, weakest first. */
export type Source = 'default' | 'profile' | 'file' | 'environment' | 'command line'

export interface ConfigInput {
  /** A server.properties file; `name` is what messages call it. */
  readonly file?: { readonly name: string; readonly text: string }
  readonly environment?: Environment
  /** key=value of the command line, in order. */
  readonly set?: readonly string[]
  /** Port of the first listener that is not the controller's, over all sources. */
  readonly port?: number
  /** Makes an unknown key in the file an error. */
  readonly strict?: boolean
}

export interface BrokerConfig {
  get<Name extends BrokerKeyName>(name: Name): BrokerValue<Name>
  /** The value as DescribeConfigs prints it. */
  text(name: BrokerKeyName): string | null
  sourceOf(name: BrokerKeyName): Source
  /** Everything that was set, listener prefixes and plug-in keys included: what Kafka calls the
   * static configuration. The texts are as they were written. */
  readonly explicit: ReadonlyMap<string, string>
  readonly nodeId: number
  readonly listeners: readonly Listener[]
  /** At least one directory. */
  readonly logDirectories: readonly string[]
  readonly warnings: readonly string[]
  /** Remarks for the debug level. */
  readonly remarks: readonly string[]
}

interface Setting {
  readonly text: string
  readonly source: Source
}

/** What is being gathered; later sources overwrite earlier ones. */
interface Gathered {
  readonly settings: Map<string, Setting>
  readonly warnings: string[]
  readonly remarks: string[]
}

/** Throws StartFailure (exit code 2) with one sentence for the first thing that is wrong. */
export function loadConfig(input: ConfigInput = {}): BrokerConfig {
  const gathered: Gathered = { settings: new Map(), warnings: [], remarks: [] }
  if (input.file) gatherFile(gathered, input.file, input.strict ?? false)
  gatherEnvironment(gathered, input.environment ?? {})
  for (const assignment of input.set ?? []) gatherAssignment(gathered, assignment)
  applyProfile(gathered)
  settleNodeId(gathered)
  const hasOwnListeners = gathered.settings.get('listeners')?.source === 'profile'
  if (input.port !== undefined) settlePort(gathered, input.port)
  return brokerConfig(gathered, hasOwnListeners)
}

function gatherFile(
  gathered: Gathered,
  file: { readonly name: string; readonly text: string },
  isStrict: boolean,
): void {
  for (const { name, value, line } of parseProperties(file.text)) {
    const place = `${file.name}, line ${line}`
    if (isKnown(name)) {
      checkValue(name, value, place)
      gathered.settings.set(name, { text: value, source: 'file' })
      continue
    }
    const advice = removedAdvice(name)
    if (advice !== undefined) {
      gathered.warnings.push(`${name} (${place}) is ignored: ${advice}.`)
      continue
    }
    const sentence = unknownSentence(name, place)
    if (isStrict) throw usageFailure(sentence)
    gathered.warnings.push(sentence)
  }
}

function gatherEnvironment(gathered: Gathered, environment: Environment): void {
  for (const { variable, name, value, strict } of environmentEntries(environment)) {
    if (isKnown(name) && (!strict || name.startsWith('samsa.'))) {
      checkValue(name, value, `environment variable ${variable}`)
      gathered.settings.set(name, { text: value, source: 'environment' })
    } else if (strict) {
      throw usageFailure(unknownSentence(name, `environment variable ${variable}`))
    } else {
      gathered.remarks.push(`Environment variable ${variable} names no known key; it is ignored.`)
    }
  }
}

function gatherAssignment(gathered: Gathered, assignment: string): void {
  const equals = assignment.indexOf('=')
  if (equals < 1) {
    throw usageFailure(`--set is given '${assignment}': allowed is key=value.`)
  }
  const name = assignment.slice(0, equals).trim()
  const value = assignment.slice(equals + 1)
  const advice = removedAdvice(name)
  if (advice !== undefined) throw usageFailure(`${name} (--set) is not supported: ${advice}.`)
  if (!isKnown(name)) throw usageFailure(unknownSentence(name, '--set'))
  checkValue(name, value, '--set')
  gathered.settings.set(name, { text: value, source: 'command line' })
}

/** Keys of Kafka's plug-ins travel under these prefixes; nobody but the plug-in knows them. */
const PLUG_IN_PREFIXES = ['rsm.config.', 'rlmm.config.', 'config.providers.']

function isKnown(name: string): boolean {
  if (brokerKey(withoutListenerPrefix(name)) !== undefined) return true
  return PLUG_IN_PREFIXES.some((prefix) => name.startsWith(prefix))
}

function removedAdvice(name: string): string | undefined {
  const exact = REMOVED_KEYS.get(name)
  if (exact !== undefined) return exact
  for (const [prefix, advice] of REMOVED_KEYS) {
    if (prefix.endsWith('.') && name.startsWith(prefix)) return advice
  }
  return undefined
}

function unknownSentence(name: string, place: string): string {
  const near = nearest(name, brokerKeyNames())
  const hint = near === undefined ? 'samsa config lists the known keys' : `did you mean ${near}?`
  return `${name} (${place}) is not a known key: ${hint}${near === undefined ? '.' : ''}`
}

function checkValue(name: string, text: string, place: string): void {
  const key = brokerKey(withoutListenerPrefix(name))
  if (key === undefined) return
  const parsed = parseValue(key, text)
  if (typeof parsed === 'string') throw wrongValue(name, shown(key, text), parsed, place)
}

function shown(key: Key, text: string): string {
  return key.kind === 'password' ? '(hidden)' : `'${text.trim()}'`
}

function wrongValue(name: string, value: string, allowed: string, place: string): StartFailure {
  return usageFailure(`${name} is ${value} (${place}): allowed is ${allowed}.`)
}

function applyProfile(gathered: Gathered): void {
  const profile = gathered.settings.get('samsa.profile')?.text.trim()
  if ((profile ?? usualProfile(gathered)) === 'kafka') {
    if (profile === undefined) {
      gathered.settings.set('samsa.profile', { text: 'kafka', source: 'default' })
    }
    return
  }
  for (const [name, text] of Object.entries(DEVELOPMENT_VALUES)) {
    if (!gathered.settings.has(name)) gathered.settings.set(name, { text, source: 'profile' })
  }
}

/** Development, unless the configuration speaks of other nodes. */
function usualProfile(gathered: Gathered): 'development' | 'kafka' {
  const others = ['controller.quorum.voters', 'controller.quorum.bootstrap.servers']
  const isCluster = others.some((name) => gathered.settings.get(name)?.text.includes(','))
  return isCluster ? 'kafka' : 'development'
}

function settleNodeId(gathered: Gathered): void {
  const { settings } = gathered
  const node = settings.get('node.id')
  const broker = settings.get('broker.id')
  if (node && broker && Number(node.text) !== Number(broker.text)) {
    throw usageFailure(
      `node.id is ${node.text.trim()} and broker.id is ${broker.text.trim()}: both name this ` +
        'node, so set one of them or the same value twice.',
    )
  }
  const known = node ?? broker ?? { text: '1', source: 'default' }
  if (Number(known.text) < 0) {
    throw usageFailure(
      `broker.id is ${known.text.trim()}: allowed is a whole number from 0 to 2147483647.`,
    )
  }
  settings.set('node.id', known)
  settings.set('broker.id', known)
  if (!settings.has('process.roles')) {
    settings.set('process.roles', { text: 'broker,controller', source: 'default' })
  }
}

function settlePort(gathered: Gathered, port: number): void {
  const { settings } = gathered
  const text = settings.get('listeners')?.text ?? brokerKey('listeners')!.initial!
  const controllers = new Set(
    (settings.get('controller.listener.names')?.text ?? '').toUpperCase().split(/\s*,\s*/),
  )
  const entries = text.trim().split(/\s*,\s*/)
  const first = entries.findIndex((entry) => !controllers.has(entry.split(':')[0]!.toUpperCase()))
  if (first < 0) throw usageFailure('--port needs a listener in `listeners` that clients may use.')
  entries[first] = entries[first]!.replace(/:\d+$/, `:${port}`)
  settings.set('listeners', { text: entries.join(','), source: 'command line' })
}

function brokerConfig(gathered: Gathered, hasOwnListeners: boolean): BrokerConfig {
  const { settings } = gathered
  const values = new Map<string, ConfigValue>()
  const texts = new Map<string, string>()
  const explicit = new Map<string, string>()
  for (const [name, { text, source }] of settings) {
    if (source !== 'default') explicit.set(name, text)
    const key = brokerKey(name)
    if (key === undefined) continue
    const parsed = parseValue(key, text)
    assert(typeof parsed !== 'string', `${name}=${text} was not checked`)
    values.set(name, parsed.value)
    texts.set(name, parsed.text)
  }
  function get<Name extends BrokerKeyName>(name: Name): BrokerValue<Name> {
    let value = values.get(name)
    if (value === undefined) {
      value = initialValue(brokerKey(name)!)
      values.set(name, value)
    }
    return value as BrokerValue<Name>
  }
  const config = {
    get,
    text: (name: BrokerKeyName) => texts.get(name) ?? brokerKey(name)!.initial,
    sourceOf: (name: BrokerKeyName): Source => settings.get(name)?.source ?? 'default',
    explicit,
    warnings: gathered.warnings,
    remarks: gathered.remarks,
  }
  return {
    ...config,
    nodeId: get('node.id')!,
    logDirectories: get('log.dirs') ?? get('log.dir'),
    listeners: parseListeners({
      listeners: get('listeners'),
      isDefault: hasOwnListeners,
      advertised: get('advertised.listeners'),
      protocolMap: get('listener.security.protocol.map'),
      isDefaultMap: config.sourceOf('listener.security.protocol.map') === 'default',
      controllerNames: get('controller.listener.names') ?? [],
    }),
  }
}
