// What the tools say of the cluster itself: its id, quorum, features, directories and versions.
import { TOOLS, type Tools } from './tools.ts'

export async function cluster(tools: Tools): Promise<void> {
  const quorum = `${TOOLS}.MetadataQuorumCommand`
  const status = await tools.use('kafka-metadata-quorum --status', quorum, ['describe', '--status'])
  tools.expect('the quorum has a leader', /LeaderId:\s+1\n/.test(status), status)
  const replication = await tools.use('kafka-metadata-quorum --replication', quorum, [
    'describe',
    '--replication',
  ])
  tools.expect('the leader is a row', /^1\s.*Leader/m.test(replication), replication)
  const dirs = await tools.use('kafka-log-dirs', `${TOOLS}.LogDirsCommand`, ['--describe'])
  tools.expect('the log dirs name the partition', /"java-0","size":[1-9]/.test(dirs), dirs)
  const versions = await tools.use('kafka-broker-api-versions', tools.dialect.brokerApiVersions, [])
  tools.expect('the versions are those of node 1', /\(id: 1 .*\) -> \(/.test(versions), versions)
  tools.expect('Produce is usable', /Produce\(0\): \d+ to \d+ \[usable: \d+\]/.test(versions))
  const described = await tools.use('kafka-features describe', `${TOOLS}.FeatureCommand`, [
    'describe',
  ])
  const level = /metadata\.version\s+SupportedMinVersion: 3\..*FinalizedVersionLevel: (3\.9|4|UNK)/
  tools.expect('kafka-features shows a metadata.version', level.test(described), described)
  const moving = await tools.use(
    'kafka-reassign-partitions --list',
    `${TOOLS}.reassign.ReassignPartitionsCommand`,
    ['--list'],
  )
  tools.expect('nothing is being moved', /No partition reassignments found/.test(moving), moving)
  await identity(tools, status)
}

async function identity(tools: Tools, status: string): Promise<void> {
  const printed = await tools.use('kafka-cluster cluster-id', `${TOOLS}.ClusterTool`, [
    'cluster-id',
  ])
  const [, id] = /Cluster ID: (\S+)/.exec(printed) ?? []
  tools.equal('its cluster is that of the quorum', /ClusterId:\s+(\S+)/.exec(status)?.[1], id)
  // Version 3.9 does not know the command.
  if (tools.version === '3.9.2') return
  const endpoints = await tools.use('kafka-cluster list-endpoints', `${TOOLS}.ClusterTool`, [
    'list-endpoints',
  ])
  const [host, port] = tools.at.split(':')
  const row = new RegExp(`^1\\s+${host}\\s+${port}\\s`, 'm')
  tools.expect('kafka-cluster lists the endpoint', row.test(endpoints), endpoints)
}
