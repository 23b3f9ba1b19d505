// Apache's command line tools as they ship, many in one JVM.
import { readdirSync } from 'node:fs'
import { apacheLibs, requireTool } from '../../../apache/libs.ts'
import { cluster } from '../../apache-tools/cluster.ts'
import { everyday } from '../../apache-tools/everyday.ts'
import { measuring } from '../../apache-tools/measuring.ts'
import { rewinding } from '../../apache-tools/rewinding.ts'
import { Tools, type ToolsVersion } from '../../apache-tools/tools.ts'
import { Toolbox } from '../../toolbox.ts'
import type { Application } from './application.ts'
import { Objections } from './objections.ts'

type Story = (tools: Tools, scratch: string) => Promise<void>

export const newestTools = application(
  '4.3.1',
  'topics, configs, console, groups and offsets in every way, records deleted, log dirs, ' +
    'versions, quorum, features, cluster, the performance and the verifiable tools',
  [(tools) => everyday(tools), cluster, rewinding, measuring],
)

export const olderTools = application(
  '3.9.2',
  'topics, configs, console, groups and offsets in every way, quorum, features, log dirs',
  [(tools) => everyday(tools), cluster, rewinding],
)

function application(version: ToolsVersion, about: string, stories: readonly Story[]): Application {
  const stage = 'test/interop/apache-tools'
  return {
    name: `apache-tools-${version}`,
    title: `Apache Kafka's command line tools ${version}`,
    about,
    files: [
      `test/apache/pom-${version}.xml`,
      'test/interop/java/Tools.java',
      'test/interop/matrix/applications/apache-tools.ts',
      ...readdirSync(stage).map((name) => `${stage}/${name}`),
    ],
    prepare() {
      requireTool('java', ['-version'])
      apacheLibs(version)
    },
    run: (at, scratch) =>
      Objections.over(async (objections) => {
        const toolbox = new Toolbox(objections, apacheLibs(version))
        const tools = new Tools(objections, toolbox, at, { version, patienceMs: 5_000 })
        for (const story of stories) await story(tools, scratch)
      }),
  }
}
