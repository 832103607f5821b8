import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Site } from '../site/index.ts';
import type { PageProblems } from './page-problems.ts';

/**
 * What must hold at the end of every test on the stand-in: no request to another host, nothing sent but by a
 * person, no policy violation, no page error, and every stream read by the page byte for byte.
 */
export function expectCleanSite(site: Site, problems: PageProblems): void {
  assert.deepEqual(
    site.log.filter((entry) => entry.kind === 'foreign'),
    [],
    'requests to other hosts',
  );
  assert.deepEqual(site.violations, [], 'violations of the page policy');
  assert.deepEqual(problems.policy, [], 'policy lines on the console');
  assert.deepEqual(problems.errors, [], 'errors in pages');
  const faults = [
    'untrusted-send',
    'untrusted-click',
    'looks-patched',
    'inserted-while-typing',
    'drop-seen',
    'page-error',
  ];
  // On the way to a place of ours files are dragged over the page, which then sees that there are some, not which.
  const isPassing = ({ kind, detail }: Site['reports'][number]) =>
    kind === 'drop-seen' && detail['type'] !== 'drop' && JSON.stringify(detail['files']) === '[]';
  assert.deepEqual(
    site.reports.filter((entry) => faults.includes(entry.kind) && !isPassing(entry)),
    [],
    'what the page noticed',
  );
  for (const report of site.reports.filter((entry) => entry.kind === 'stream')) {
    const { path, streamId, isWhole, byteCount, sha256 } = report.detail;
    const written = site.streams.find((stream) => stream.streamId === streamId);
    if (written === undefined) {
      // Only a page that leaves early can tell of a stream before the stand-in has noted what it wrote.
      assert.equal(isWhole, false, `a stream of ${String(path)} was read to its end, and nobody wrote it`);
      continue;
    }
    // A page that leaves early has read a part; what it has read must be what was written.
    const part = isWhole === true ? written.bytes : written.bytes.subarray(0, Number(byteCount));
    const want = createHash('sha256').update(part).digest('hex');
    assert.equal(sha256, want, `bytes of ${written.path} as the page read them`);
  }
}
