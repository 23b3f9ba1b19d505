// A workload as lines of text: medians with their range, the ratio to Apache Kafka, goal met or not.
import { goalText, isGoalMet, ratioOf, rowsOf, summaryOf, type StoredWorkload } from '../results.ts'
import type { PeerName, Row } from '../workload.ts'
import { number, ratio } from './numbers.ts'

const OTHERS: readonly PeerName[] = ['sink', 'mock', 'kfake']

export const HEADING = [
  ''.padEnd(58),
  'Samsa'.padStart(24),
  'Apache Kafka'.padStart(26),
  'ratio'.padStart(8),
  '  goal',
].join('')

export function tableLines(workload: StoredWorkload): string[] {
  return rowsOf(workload).flatMap((row) => rowLines(workload, row))
}

function rowLines(workload: StoredWorkload, row: Row): string[] {
  const side = row.side ?? 'samsa'
  const found = ratioOf(workload, row)
  const isMet = isGoalMet(workload, row)
  const verdict = isMet === undefined ? '' : isMet ? ' met' : ' NOT MET'
  const line = [
    `${row.what} [${row.unit}]`.padEnd(58),
    cell(workload, row, side).padStart(24),
    cell(workload, row, 'apache').padStart(26),
    (found === undefined ? '' : ratio(found)).padStart(8),
    goalText(row) === '' ? '' : `  ${goalText(row)}${verdict}`,
  ].join('')
  const others = OTHERS.flatMap((peer) => {
    const shown = cell(workload, row, peer)
    return shown === '' ? [] : [`${peer} ${shown}`]
  })
  const isOurs = row.side === undefined
  return others.length === 0 || !isOurs ? [line] : [line, `${''.padEnd(8)}${others.join('   ')}`]
}

export function cell(workload: StoredWorkload, row: Row, peer: PeerName): string {
  const found = summaryOf(workload, row, peer)
  if (found === undefined) return ''
  const show = (value: number) => number(value, row.digits)
  if (found.count === 1) return show(found.median)
  return `${show(found.median)} (${show(found.min)}-${show(found.max)})`
}
