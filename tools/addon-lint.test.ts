import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testFolder } from '../tests/support/test-folder.ts';
import { checkAddon } from './addon-lint.ts';

const folder = testFolder('add-on');

test('each error of the linter is a failure with its name', () => {
  const manifest = {
    manifest_version: 3,
    name: 'small',
    version: '1.0',
    browser_specific_settings: {
      gecko: { id: 'small@companion.example', data_collection_permissions: { required: ['none'] } },
    },
  };
  const check = (fields: object) => {
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(fields));
    return checkAddon(folder);
  };
  expect(check(manifest)).toStrictEqual({ passed: 1, failed: 0, skipped: 0, failures: [] });
  const { passed, failed, failures } = check({ ...manifest, version: undefined });
  expect({ passed, failed }).toStrictEqual({ passed: 0, failed: failures.length });
  expect(failures.join('\n')).toMatch(/^add-on linter: \S+ manifest\.json .*version/m);
});
