// Describes the configuration of topics, brokers, groups and client metrics, with synonyms and
// documentation where asked.
//
//   1  1.1     the oldest that Apache Kafka 4 accepts
//   2  2.0     a throttled reply is sent before the pause, not after it
//   3  2.6     request adds includeDocumentation; response adds configType, documentation
//   4  2.8     flexible
import { api, array, bool, int16, int32, int8, string } from '../schema/index.ts'

export const DescribeConfigs = api(32, 'DescribeConfigs', {
  versions: '1-4',
  flexible: '4+',
  listeners: ['broker', 'controller'],
  request: {
    resources: array({
      resourceType: int8,
      resourceName: string,
      configurationKeys: array(string).nullable(),
    }),
    includeSynonyms: bool.default(false),
    includeDocumentation: bool.since(3).default(false),
  },
  response: {
    throttleTimeMs: int32,
    results: array({
      errorCode: int16,
      errorMessage: string.nullable(),
      resourceType: int8,
      resourceName: string,
      configs: array({
        name: string,
        value: string.nullable(),
        readOnly: bool,
        configSource: int8.default(-1).ignorable(),
        isSensitive: bool,
        synonyms: array({ name: string, value: string.nullable(), source: int8 }).ignorable(),
        configType: int8.since(3).default(0).ignorable(),
        documentation: string.since(3).nullable().ignorable(),
      }),
    }),
  },
})
