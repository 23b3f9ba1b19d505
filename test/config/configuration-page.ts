// Makes docs/configuration.md from the key tables. The test beside it compares the file with this;
// `npx vitest run test/config/configuration-page.test.ts -u` writes it anew.
import { brokerKeys, groupKeys, topicKeys } from '../../src/config/keys/index.ts'
import type { Key, KeyTable } from '../../src/config/keys/key.ts'
import { REMOVED_KEYS } from '../../src/config/keys/removed.ts'
import { DEVELOPMENT_VALUES } from '../../src/config/profile.ts'

export function configurationPage(): string {
  const broker = Object.entries(brokerKeys as KeyTable)
  const own = broker.filter(([name]) => name.startsWith('samsa.'))
  const kafka = broker.filter(([name]) => !name.startsWith('samsa.'))
  return [
    INTRODUCTION,
    '## The development profile\n',
    'Defaults of `samsa.profile=development`; each can be set alone.\n',
    table(['key', 'development', 'kafka'], profileRows()),
    "## Samsa's own keys\n",
    keyTable(own),
    '## Broker keys\n',
    '`*` marks what can be altered while the broker runs.\n',
    keyTable(kafka.filter(([, key]) => key.used)),
    '## Topic keys\n',
    'A topic that does not set a key takes the broker keys in the last column, in that order.\n',
    resourceTable(topicKeys),
    '## Group keys\n',
    resourceTable(groupKeys),
    '## Accepted, not used here\n',
    'Keys of Apache Kafka that Samsa takes, checks and reports, and does not act on. `samsa config ' +
      '--unused` lists them with their values.\n',
    keyTable(kafka.filter(([, key]) => !key.used)),
    '## Keys of older releases\n',
    'Ignored in a file, with a warning.\n',
    table(
      ['key', 'instead'],
      [...REMOVED_KEYS].map(([name, advice]) => [
        `\`${name}${name.endsWith('.') ? '*' : ''}\``,
        advice,
      ]),
    ),
  ].join('\n')
}

const INTRODUCTION = `# Configuration

This page is made from the key tables in \`src/config/keys\`; do not edit it.

Values come from these sources, each over the one before: the default, the development profile, the
\`server.properties\` file given to \`samsa start\`, the environment, the command line. \`samsa config\`
prints the outcome and where each value came from.

- The file has the format of Java's properties. An unknown key is a warning with the nearest known
  name; \`--strict-config\` makes it an error.
- \`KAFKA_NUM_PARTITIONS=3\` is \`num.partitions=3\`: the prefix is dropped, letters become small, one
  underscore is a dot, two are an underscore, three are a dash, as in Apache Kafka's container image.
  A variable that names no key is ignored. \`SAMSA_\` variables name the \`samsa.\` keys; an unknown one is
  an error.
- \`--set key=value\` can be given several times. \`--port\` and \`--data-dir\` are short for the port of the
  first client listener and for \`log.dirs\`.

A known key with a bad value stops the start with exit code 2 and one sentence.
`

function profileRows(): string[][] {
  return Object.entries(DEVELOPMENT_VALUES).map(([name, value]) => {
    const kafka = (brokerKeys as KeyTable)[name]!.initial
    return [`\`${name}\``, `\`${value}\``, `\`${kafka}\``]
  })
}

function keyTable(keys: readonly (readonly [string, Key])[]): string {
  const rows = [...keys]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, key]) => [
      `\`${name}\`${key.dynamic === 'read-only' ? '' : ' *'}`,
      key.kind,
      shownDefault(key),
      key.doc,
    ])
  return table(['key', 'kind', 'default', 'meaning'], rows)
}

function resourceTable(keys: KeyTable): string {
  const rows = Object.entries(keys)
    .filter(([, key]) => !key.internal)
    .map(([name, key]) => [
      `\`${name}\``,
      key.kind,
      shownDefault(key),
      key.used ? key.doc : `${key.doc} Not used here.`,
      (key.from ?? []).map((synonym) => `\`${synonym.name}\``).join(', '),
    ])
  return table(['key', 'kind', 'default', 'meaning', 'broker keys'], rows)
}

function shownDefault(key: Key): string {
  return key.initial === null || key.initial === '' ? '' : `\`${key.initial}\``
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  return `${lines.map((line) => `| ${line.map(cell).join(' | ')} |`).join('\n')}\n`
}
