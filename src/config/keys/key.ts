// The vocabulary of the key tables: what one configuration key is. A key is data; its value's type
// is inferred from the kind, so `config.get('log.segment.bytes')` is a number without a second
// declaration. Knows nothing of sources, files or brokers. Kinds and names are Apache Kafka's.

export type Kind =
  | 'boolean'
  | 'string'
  | 'int'
  | 'short'
  | 'long'
  | 'double'
  | 'list'
  | 'class'
  | 'password'

export type ConfigValue = boolean | number | string | readonly string[] | null

/** How a broker key may change while the broker runs. */
export type Dynamic = 'read-only' | 'per-broker' | 'cluster-wide'

export interface Rules {
  /** Bounds of a number, both included. */
  readonly min?: number
  readonly max?: number
  /** One more number that is allowed although the bounds exclude it. */
  readonly or?: number
  /** Allowed values: of a string, or of each element of a list. */
  readonly oneOf?: readonly string[]
  /** Like `oneOf`, whatever the case of the letters. */
  readonly anyCaseOf?: readonly string[]
  readonly notEmpty?: true
  /** Elements of a list may not repeat. */
  readonly distinct?: true
  /** The whole text, or each element of a list, must match; `shape` says so in words. */
  readonly pattern?: RegExp
  readonly shape?: string
}

/** A broker key that a topic or group key falls back to; `times` converts its unit. */
export interface Synonym {
  readonly name: string
  readonly times: number
}

export interface Facts extends Rules {
  /** One sentence. */
  readonly doc: string
  readonly dynamic?: Dynamic
  /** False: accepted for compatibility, Samsa does not act on it. */
  readonly used?: false
  /** Not listed by DescribeConfigs unless it is set. */
  readonly internal?: true
  /** Apache Kafka has no default and does not start without it; Samsa finds a value. */
  readonly required?: true
  /** Topic and group keys: broker keys asked in this order when the resource sets nothing. */
  readonly from?: readonly Synonym[]
}

/** `Value` exists for inference only. */
export interface Key<out Value extends ConfigValue = ConfigValue> extends Omit<
  Facts,
  'dynamic' | 'used'
> {
  readonly kind: Kind
  /** Text of the default as DescribeConfigs prints it; null where there is none. */
  readonly initial: string | null
  readonly dynamic: Dynamic
  readonly used: boolean
  readonly value?: Value
}

export type KeyTable = Readonly<Record<string, Key>>
export type ValueOf<K> = K extends Key<infer Value> ? Value : never

/** Largest int64, which Apache Kafka uses for "no limit"; the value becomes Infinity. */
export const LONG_MAX = '9223372036854775807'

type Widened<Default, Value> = Default extends null ? Value | null : Value

function key(kind: Kind, initial: boolean | number | string | null, facts: Facts): Key<never> {
  return {
    ...facts,
    kind,
    initial: initial === null ? null : String(initial),
    dynamic: facts.dynamic ?? 'read-only',
    used: facts.used ?? true,
  }
}

export function boolean(initial: boolean, facts: Facts): Key<boolean> {
  return key('boolean', initial, facts)
}

export function string<D extends string | null>(initial: D, facts: Facts): Key<Widened<D, string>> {
  return key('string', initial, facts)
}

export function int<D extends number | null>(initial: D, facts: Facts): Key<Widened<D, number>> {
  return key('int', initial, facts)
}

export function short(initial: number, facts: Facts): Key<number> {
  return key('short', initial, facts)
}

export function long<D extends number | typeof LONG_MAX | null>(
  initial: D,
  facts: Facts,
): Key<Widened<D, number>> {
  return key('long', initial, facts)
}

/** A text default keeps Java's spelling of the number. */
export function double(initial: number | string, facts: Facts): Key<number> {
  return key('double', initial, facts)
}

/** The default is comma separated. */
export function list<D extends string | null>(
  initial: D,
  facts: Facts,
): Key<Widened<D, readonly string[]>> {
  return key('list', initial, facts)
}

/** The name of a Java class; Samsa loads none. */
export function javaClass(initial: string | null, facts: Facts): Key<string | null> {
  return key('class', initial, facts)
}

export function password(facts: Facts): Key<string | null> {
  return key('password', null, facts)
}
