// Ten minutes at half the rate that the broker could take: does the memory grow, is the slowest record
// slow? Runs only when it is named.
import { runLoad } from '../method/load.ts'
import { createTopics, removeTopics } from '../method/raw.ts'
import { sample } from '../method/sampler.ts'
import { residentMegabytes } from '../method/usage.ts'
import { TOPIC_SETTINGS } from '../servers/settings.ts'
import type { Workload } from '../workload.ts'
import { unknownSteal } from './shapes.ts'

/** Each minute in a topic of its own: so the logs stay small where nothing is retired. */
const SLICE_SECONDS = 60

export const soak: Workload = {
  name: 'soak',
  answers: 'Does memory grow, and how slow is the slowest record, over ten minutes of steady load?',
  peers: ['samsa', 'apache'],
  isExtra: true,
  rows: [
    {
      figure: 'p999Us',
      what: 'soak: worst p99.9 of a minute',
      unit: 'us',
      better: 'less',
      digits: 0,
    },
    { figure: 'slope', what: 'soak: resident memory, slope', unit: 'MB/min', better: 'less' },
    { figure: 'after', what: 'soak: resident memory at the end', unit: 'MB', better: 'less' },
  ],
  full: { rounds: 1, otherRounds: 0, size: { minutes: 10, rate: 50_000 }, seconds: 1230 },
  async measure(target, size) {
    const { warm } = target
    const watching = sample(1000, () => residentMegabytes(warm.pid))
    let worst = 0
    for (let minute = 0; minute < size['minutes']!; minute++) {
      const topic = target.topic()
      await createTopics(warm.bootstrap, [topic], { partitions: 12, settings: TOPIC_SETTINGS })
      const shape = { topic, partitions: 12, bytes: 1000, rate: size['rate']! }
      const options = { ...shape, records: size['rate']! * SLICE_SECONDS }
      const done = await runLoad(warm, { program: 'clients', mode: 'latency', options })
      worst = Math.max(worst, done.p999Us)
      await removeTopics(warm, [topic])
    }
    const resident = watching.stop()
    // The first third is warm-up; what is left should be flat.
    const late = resident.slice(Math.floor(resident.length / 3))
    const [from, to] = [late[0]!, late.at(-1)!]
    const slope = ((to[1] - from[1]) / (to[0] - from[0])) * 60
    const figures = { p999Us: worst, slope, after: to[1] }
    return { figures, curves: { resident }, steal: unknownSteal }
  },
}
