import { expect, test } from 'vitest'
import { VirtualClock } from '../../base/virtual-clock.ts'
import { Turn } from '../../src/partition/turn.ts'

test('what one waiter or step throws is told, and keeps nobody else from running', () => {
  const clock = new VirtualClock()
  const said: string[] = []
  const turn = new Turn(clock, (error) => said.push(String(error)))
  turn.addStep(() => {
    throw new Error('step')
  })
  turn.addStep(() => said.push('flush'))
  turn.afterWrites(() => {
    throw new Error('waiter')
  })
  turn.afterWrites(() => said.push('answered'))
  clock.settle()
  expect(said).toEqual(['Error: waiter', 'answered', 'Error: step', 'flush'])
})

test('what is asked for during a turn comes in the next one', () => {
  const clock = new VirtualClock()
  const said: string[] = []
  const turn = new Turn(clock, () => undefined)
  turn.addStep(() => said.push('end'))
  turn.afterWrites(() => {
    said.push('first')
    turn.afterWrites(() => said.push('second'))
  })
  clock.settle()
  expect(said).toEqual(['first', 'end', 'second', 'end'])
})
