// `npm run apache -- [--version 4.4.0] [--release-version 3.9] [--set key=value ...]`: starts an Apache
// Kafka to look at by hand, prints its address and stops it at Ctrl-C.
import { hostPort, startApache } from './apache.ts'
import type { ApacheVersion } from './libs.ts'

const args = process.argv.slice(2)
function option(name: string): string | undefined {
  const at = args.indexOf(name)
  return at === -1 ? undefined : args[at + 1]
}
const config: Record<string, string> = {}
args.forEach((arg, i) => {
  if (arg !== '--set') return
  const [key, ...value] = (args[i + 1] ?? '').split('=')
  config[key ?? ''] = value.join('=')
})
const releaseVersion = option('--release-version')
const cluster = await startApache({
  version: (option('--version') ?? '4.4.0') as ApacheVersion,
  ...(releaseVersion === undefined ? {} : { releaseVersion }),
  config,
})
process.stdout.write(`${cluster.name} on ${hostPort(cluster.bootstrap)}, log ${cluster.logFile}\n`)
const keepAlive = setInterval(() => undefined, 60_000)
const forSeconds = option('--for')
if (forSeconds !== undefined) {
  setTimeout(
    () => {
      clearInterval(keepAlive)
      void cluster.stop()
    },
    Number(forSeconds) * 1000,
  )
}
