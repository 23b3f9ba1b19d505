// Programs of Python clients, each library in a virtual environment of its own under the cache, from a
// file of exact versions; and kcat, whose program is Python too.
import path from 'node:path'
import { runProgram } from '../../../apache/program.ts'
import { fetched } from '../../fetched.ts'
import { PYTHON, requireKcat } from '../../prepare.ts'
import type { ClientProgram } from '../client-program.ts'

const PROGRAMS = 'test/interop/matrix/programs/python'
const LINES = `${PROGRAMS}/lines.py`
const KCAT = 'test/interop/matrix/programs/kcat/kcat.py'

export const python: readonly ClientProgram[] = [
  {
    name: 'confluent-kafka',
    title: 'confluent-kafka 2.16.1 (librdkafka 2.16.0)',
    language: 'Python',
    ...inEnvironment('confluent-kafka', ['librdkafka.py']),
  },
  {
    name: 'kafka-python-2',
    title: 'kafka-python 2.0.2',
    language: 'Python',
    ...inEnvironment('kafka-python-2', ['kafka_python_2.py', 'kafkapython.py']),
  },
  {
    name: 'kafka-python-3',
    title: 'kafka-python 3.0.12',
    language: 'Python',
    ...inEnvironment('kafka-python-3', ['kafka_python_3.py', 'kafkapython.py']),
  },
  {
    name: 'aiokafka',
    title: 'aiokafka 0.14.0',
    language: 'Python',
    ...inEnvironment('aiokafka', ['aio.py']),
  },
  {
    name: 'kcat',
    title: 'kcat 1.7.1 (librdkafka 2.0.2)',
    language: 'C',
    files: [LINES, KCAT],
    isAlone: true,
    prepare() {
      requireKcat()
      return [PYTHON, '-B', path.resolve(KCAT)]
    },
  },
]

/** The first of `sources` is the program. */
function inEnvironment(
  name: string,
  sources: readonly string[],
): Pick<ClientProgram, 'files' | 'prepare'> {
  const pins = `${PROGRAMS}/pins/${name}.txt`
  const files = [...sources, 'background.py'].map((source) => `${PROGRAMS}/${source}`)
  return {
    files: [pins, LINES, ...files],
    prepare: () => [
      path.join(environment(name, pins), 'bin', 'python'),
      '-B',
      path.resolve(files[0]!),
    ],
  }
}

function environment(name: string, pins: string): string {
  return fetched(`matrix-python-${name}`, [pins], (fresh) => {
    try {
      runProgram(PYTHON, ['-m', 'venv', fresh])
    } catch (error) {
      const advice = "Debian's python3-venv is missing: run scripts/ci/install-packages.sh"
      throw new Error(advice, { cause: error })
    }
    // Wheels only: nothing is compiled, and everything that is needed stands in the pins.
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:']
    const pip = ['-m', 'pip', 'install', ...options, '-r', path.resolve(pins)]
    runProgram(path.join(fresh, 'bin', 'python'), pip, { timeoutMs: 300_000 })
  })
}
