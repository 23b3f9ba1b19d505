// Raises or lowers finalized feature levels.
//
//   0  2.7     the first version
//   1  3.3     request drops allowDowngrade; request adds upgradeType, validateOnly
//   2  4.0     response drops results
import { api, array, bool, int16, int32, int8, string } from '../schema/index.ts'

export const UpdateFeatures = api(57, 'UpdateFeatures', {
  versions: '0-2',
  flexible: '0+',
  listeners: ['broker', 'controller'],
  request: {
    timeoutMs: int32.default(60000),
    featureUpdates: array({
      feature: string,
      maxVersionLevel: int16,
      allowDowngrade: bool.until(0),
      upgradeType: int8.since(1).default(1),
    }),
    validateOnly: bool.since(1).default(false),
  },
  response: {
    throttleTimeMs: int32,
    errorCode: int16,
    errorMessage: string.nullable(),
    results: array({ feature: string, errorCode: int16, errorMessage: string.nullable() })
      .until(1)
      .ignorable(),
  },
})
