import wxtConfig from '../../wxt.config.ts';

/** What the build configuration writes into the manifest of one browser; entrypoints are added by the build. */
export async function productManifest(browser: 'chrome' | 'firefox'): Promise<Readonly<Record<string, unknown>>> {
  const make = wxtConfig.manifest;
  const env = { browser, command: 'build', mode: 'production', manifestVersion: 3 } as const;
  return (await (typeof make === 'function' ? make(env) : make)) as Record<string, unknown>;
}
