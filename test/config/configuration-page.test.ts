import { expect, test } from 'vitest'
import { configurationPage } from './configuration-page.ts'

test('docs/configuration.md is what the key tables say', async () => {
  await expect(configurationPage()).toMatchFileSnapshot('../../docs/configuration.md')
})
