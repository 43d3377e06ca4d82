import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildOnce, cachedUnder } from '../java/build-once.ts'
import { type Report, runMaven } from '../java/maven.ts'

/** The last one that runs on Java 17. */
const VERSION = '3.0.9'
const ARTIFACT = `io.apicurio:apicurio-registry-app:${VERSION}:zip:all`
/** An older plugin than Kafka's: newer ones ask for the parent of the artifact, which is not published everywhere. */
const UNPACK = 'org.apache.maven.plugins:maven-dependency-plugin:2.10:unpack'

/** Raised where the registry cannot be had: no network, no Maven, a broken repository. */
export class RegistryNotInstalled extends Error {
  override readonly name = 'RegistryNotInstalled'
}

const folder = (): string => cachedUnder(`apicurio-${VERSION}`)

export function isRegistryInstalled(): boolean {
  return existsSync(folder())
}

/** The jar that is run; the others lie beside it. Throws `RegistryNotInstalled` where Maven cannot fetch it. */
export async function installRegistry(report: Report): Promise<string> {
  if (!isRegistryInstalled()) {
    report(`fetching Apicurio Registry ${VERSION} with Maven into ${folder()} (once, about 109 MB)`)
    await buildOnce(folder(), async (building) => {
      await runMaven([UNPACK, `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${building}`]).catch((cause) => {
        throw new RegistryNotInstalled(`Maven could not fetch Apicurio ${VERSION}:\n${cause.message}`, {
          cause,
        })
      })
    })
  }
  return join(folder(), `apicurio-registry-app-${VERSION}-runner.jar`)
}
