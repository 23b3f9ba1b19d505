// Jars from a Maven repository, pinned by a pom file, in the cache outside the tree.
import { requireTool } from '../apache/libs.ts'
import { runProgram } from '../apache/program.ts'
import { fetched } from './fetched.ts'

/** The directory of everything the project in `pom` needs to run. */
export function mavenLibs(name: string, pom: string): string {
  return fetched(name, [pom], (fresh) => {
    requireTool('mvn', ['-v'])
    const goal = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies']
    runProgram('mvn', [...goal, '-DincludeScope=runtime', `-DoutputDirectory=${fresh}`], {
      timeoutMs: 300_000,
    })
  })
}
