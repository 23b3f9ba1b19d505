// All clients, in the order of the report.
import type { ClientProgram } from '../client-program.ts'
import { go } from './go.ts'
import { java } from './java.ts'
import { node } from './node.ts'
import { python } from './python.ts'
import { rust } from './rust.ts'

export const clients: readonly ClientProgram[] = [...java, ...python, ...go, ...rust, ...node]
