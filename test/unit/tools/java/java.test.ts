import { describe, expect, it } from 'vitest'
import { parseJavaVersion } from '../../../../tools/java/java.ts'

describe('the version of a Java', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', '17.0.15'],
    ['openjdk version "21" 2023-09-19', '21'],
    ['java version "1.8.0_401"\nJava(TM) SE Runtime Environment', '1.8.0_401'],
    ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "25.0.1" 2025-10-21', '25.0.1'],
  ])('is read from %j', (text, version) => {
    expect(parseJavaVersion(text)).toBe(version)
  })

  it('is null for an answer that names none', () => {
    expect(
      parseJavaVersion('The operation couldn’t be completed. Unable to locate a Java Runtime.'),
    ).toBeNull()
  })
})
