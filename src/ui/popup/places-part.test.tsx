// @vitest-environment happy-dom
import { render } from 'preact';
import { afterEach, expect, test } from 'vitest';
import { until } from '../../../tests/support/until.ts';
import { fail, ok } from '../../base/index.ts';
import type { EngineDoor } from '../../contracts/doors/engine.ts';
import { appError } from '../../contracts/errors.ts';
import type { Place } from '../../contracts/selection.ts';
import { settingsOf } from '../../settings/index.ts';
import { PlacesPart } from './places-part.tsx';

const place = document.createElement('div');
afterEach(() => render(null, place));

type Capabilities = Extract<Awaited<ReturnType<EngineDoor['capabilities']>>, { ok: true }>['value'];

test.each<[Place, readonly string[]]>([
  ['remote', ['unset', 'onDevice', 'remote']],
  ['hybrid', ['unset', 'onDevice', 'remote', 'hybrid']],
])('where %s is chosen these can be', async (chosen, offered) => {
  const refused = async () => fail(appError('host/unavailable'));
  /** As much of them as the part looks at. */
  const capabilities = [{ language: 'python' }] as Partial<Capabilities[number]>[] as Capabilities;
  render(
    <PlacesPart
      engine={{ capabilities: async () => ok(capabilities), sessionChoices: refused }}
      runs={{ choose: refused }}
      page={null}
      settings={{ ...settingsOf(null), places: { python: chosen } }}
      save={() => undefined}
    />,
    place,
  );
  await until(() => expect(place.querySelectorAll('option').length).toBeGreaterThan(0));
  const options = [...place.querySelectorAll('option')].map(({ value }) => value);
  expect(options).toEqual(offered);
});
