import type { Tree } from './tree.ts';

const ENCODER = new TextEncoder();

/**
 * A `tzdata` package for zoneinfo out of the zone files that pytz carries. The bytes are the same, so the image holds
 * them once.
 */
export function makeTzdata(pytz: Tree): Tree {
  const tree: Tree = new Map();
  const names: string[] = [];
  for (const [path, contents] of pytz) {
    const zone = /^pytz\/zoneinfo\/([A-Z].*|[a-z]+\.tab)$/.exec(path)?.[1];
    if (zone === undefined) continue;
    tree.set(`tzdata/zoneinfo/${zone}`, contents);
    // zoneinfo reads zones as resources of packages, so each folder is one.
    for (let end = zone.lastIndexOf('/'); end > 0; end = zone.lastIndexOf('/', end - 1)) {
      tree.set(`tzdata/zoneinfo/${zone.slice(0, end)}/__init__.py`, new Uint8Array());
    }
    if (!zone.endsWith('.tab')) names.push(zone);
  }
  const version = /^VERSION = '([\d.]+)'/m.exec(new TextDecoder().decode(pytz.get('pytz/__init__.py')))?.[1] ?? '0';
  tree.set('tzdata/zones', ENCODER.encode(`${names.sort().join('\n')}\n`));
  tree.set('tzdata/zoneinfo/__init__.py', new Uint8Array());
  tree.set('tzdata/__init__.py', ENCODER.encode(`IANA_VERSION = "${version}"\n__version__ = "${version}"\n`));
  const metadata = `Metadata-Version: 2.1\nName: tzdata\nVersion: ${version}\n`;
  tree.set(`tzdata-${version}.dist-info/METADATA`, ENCODER.encode(metadata));
  return tree;
}
