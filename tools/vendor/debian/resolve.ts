/**
 * Writes tools/vendor/sources.lock.json from request.json and the signed indexes of the machine's mirror. For maintainers:
 * run it after changing request.json or when a pinned file has left the mirror, then look at the difference.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HERE } from '../paths.ts';
import type { SourcePins } from './pins.ts';
import { lockText, openPrivateApt } from './private-apt.ts';

interface Request {
  readonly suite: string;
  readonly toolchain: readonly string[];
  readonly python: readonly string[];
  readonly sources: readonly { readonly source: string; readonly version: string; readonly wants: readonly string[] }[];
}

/** matplotlib 3.3.4 lies in the first of these only, lxml 6 and regex in the last only. */
const SUITES = ['bullseye', 'trixie', 'sid'];

const request = JSON.parse(await readFile(join(HERE, 'debian/request.json'), 'utf8')) as Request;
const apt = await openPrivateApt({ suite: request.suite, suites: SUITES, architecture: 'amd64' });

const sources = await Promise.all(
  request.sources.map(async ({ source, version, wants }) =>
    (await apt.sources(source, version)).filter(({ path }) =>
      wants.some((part) => new RegExp(String.raw`\.${part}\.tar\.\w+$`).test(path)),
    ),
  ),
);
const pins: SourcePins = {
  toolchain: await apt.binaries(await apt.withDependencies(request.toolchain)),
  python: await apt.binaries(request.python),
  sources: sources.flat(),
};
await writeFile(join(HERE, 'sources.lock.json'), lockText({ ...pins }));
console.log(
  `pinned ${String(pins.toolchain.length)} + ${String(pins.python.length)} packages, ${String(pins.sources.length)} source files`,
);
