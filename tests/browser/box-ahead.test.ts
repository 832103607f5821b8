import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FixtureHost } from '../support/box/host.ts';
import { launchFixture, type BrowserName, type Fixture } from '../support/box/extension.ts';

declare const host: FixtureHost;

const ECHO = {
  id: 'echo',
  script: `onmessage = ({ data }) => postMessage({ kind: 'echo', got: { ...data, stop: null, mailbox: null, modules: Object.keys(data.modules ?? {}) } });`,
};
const EMPTY_WASM = [0, 97, 115, 109, 1, 0, 0, 0];
const WITH_MODULE = {
  ...ECHO,
  files: [{ name: 'a.wasm', bytes: EMPTY_WASM }],
  modules: [{ name: 'm', file: 'a.wasm', slice: null }],
};
const MODULE_SAID = { got: { kind: 'engine', isLast: true, modules: ['m'] } };

describe.each<BrowserName>(['chrome', 'firefox'])('a box that is there ahead of need, in %s', (name) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await launchFixture(name);
  });
  afterAll(() => fixture.close());

  it('is made of the frame that the document came with, with a module that was compiled in it ahead of need', async () => {
    const engine = {
      ...WITH_MODULE,
      id: 'compiled',
    };
    const seen = await fixture.page.evaluate(async (spec) => {
      await host.frames();
      return host.openFromFirst(spec);
    }, engine);
    expect(seen).toMatchObject({ stood: true, opened: true, said: MODULE_SAID, frames: [true], left: 0 });
  });

  it('stands beside an empty one once the first run of a costly engine has ended, and of another only after a rest', async () => {
    const seen = await fixture.page.evaluate(async (engine) => {
      const standsBeside = async (isCostly: boolean) => {
        await host.frames();
        const opened = await host.open({ ...engine, isCostly });
        if (!('id' in opened)) throw new Error(opened.code);
        await host.message(opened.id, 'echo');
        const before = await host.opener.emptyReady();
        host.opener.noteUse('began');
        const during = await host.opener.emptyReady();
        host.opener.noteUse('ended');
        const after = await host.opener.emptyReady();
        host.close(opened.id);
        return { before, during, after };
      };
      return [await standsBeside(true), await standsBeside(false)];
    }, ECHO);
    expect(seen).toEqual([
      { before: false, during: false, after: true },
      { before: false, during: false, after: false },
    ]);
  });

  it('is the one in which a costly engine has begun whole, where it was expected, and which no other engine gets', async () => {
    const engine = {
      ...WITH_MODULE,
      id: 'expected',
      isCostly: true,
    };
    const seen = await fixture.page.evaluate(async (spec) => {
      await host.frames();
      host.opener.expect(host.engineOf(spec));
      host.opener.expect(host.engineOf(spec));
      const stood = await host.opener.expectedReady();
      const [frame, ...more] = document.querySelectorAll('iframe');
      /** Whether it got the frame that stood, and what its engine was delivered. */
      const open = async (id: string) => {
        const opened = await host.open({ ...spec, id });
        if (!('id' in opened)) throw new Error(opened.code);
        const isTheFrame = document.querySelector('iframe[data-session]') === frame;
        const said = await host.message(opened.id, 'echo');
        host.close(opened.id);
        return { isTheFrame, said };
      };
      const opened = [await open('another'), await open('expected'), await open('expected')];
      return { stood, more: more.length, opened };
    }, engine);
    expect(seen).toMatchObject({
      stood: true,
      more: 0,
      opened: [
        { isTheFrame: false, said: MODULE_SAID },
        { isTheFrame: true, said: MODULE_SAID },
        { isTheFrame: false, said: MODULE_SAID },
      ],
    });
  });

  it('that was expected is ended where an engine is opened that is another, and costs less', async () => {
    const seen = await fixture.page.evaluate(async (engine) => {
      await host.frames();
      host.opener.expect(host.engineOf({ ...engine, isCostly: true }));
      await host.opener.expectedReady();
      const [frame] = document.querySelectorAll('iframe');
      const opened = await host.open({ ...engine, id: 'another' });
      if (!('id' in opened)) throw new Error(opened.code);
      await host.message(opened.id, 'echo');
      host.close(opened.id);
      return { wasThere: frame !== undefined, isThere: frame?.isConnected, ready: await host.opener.expectedReady() };
    }, ECHO);
    expect(seen).toEqual({ wasThere: true, isThere: false, ready: false });
  });
});
