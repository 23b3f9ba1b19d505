// Environment variables to configuration keys: KAFKA_ variables as Kafka's own container image maps
// them, and SAMSA_ variables. The environment is a record that the caller passes; this file does
// not look at the process.

export type Environment = Readonly<Record<string, string | undefined>>

export interface EnvironmentEntry {
  readonly variable: string
  readonly name: string
  readonly value: string
  /** A SAMSA_ variable can only be meant for us, so an unknown one is an error. */
  readonly strict: boolean
}

/** In the order of the names of the variables, so that a run does not depend on its shell. */
export function environmentEntries(environment: Environment): EnvironmentEntry[] {
  const entries: EnvironmentEntry[] = []
  for (const variable of Object.keys(environment).sort()) {
    const value = environment[variable]
    if (value === undefined) continue
    const name = keyOf(variable)
    if (name === undefined) continue
    entries.push({ variable, name, value, strict: variable.startsWith('SAMSA_') })
  }
  return entries
}

function keyOf(variable: string): string | undefined {
  // The official image formats a new directory with it.
  if (variable === 'CLUSTER_ID') return 'samsa.cluster.id'
  if (variable.startsWith('KAFKA_')) return dotted(variable.slice('KAFKA_'.length))
  if (variable.startsWith('SAMSA_')) return dotted(variable)
  return undefined
}

/** One underscore is a dot, two are an underscore, three are a dash. */
function dotted(text: string): string {
  return text
    .toLowerCase()
    .replace(/___|__|_/g, (run) => (run.length === 3 ? '-' : run.length === 2 ? '_' : '.'))
}
