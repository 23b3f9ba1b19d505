// Name and version of this package, for --version and the start message.
import manifest from '../../package.json' with { type: 'json' }

export function nameAndVersion(): string {
  return `Samsa ${manifest.version}`
}
