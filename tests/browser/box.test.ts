import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FixtureHost } from '../support/box/host.ts';
import { launchFixture, type BrowserName, type Fixture } from '../support/box/extension.ts';

declare const host: FixtureHost;

const ECHO = {
  id: 'echo',
  script: 'onmessage = (event) => postMessage({ kind: "echo", got: { ...event.data, stop: 0, mailbox: 0 } });',
};

describe.each<BrowserName>(['chrome', 'firefox'])('a box in %s', (name) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await launchFixture(name);
  });
  afterAll(() => fixture.close());

  it('opens, proves itself, delivers the engine and passes messages', async () => {
    const seen = await fixture.page.evaluate(async (engine) => {
      const opened = await host.open(engine);
      if (!('id' in opened)) return opened;
      const delivery = await host.message(opened.id, 'echo');
      host.post(opened.id, { hello: 1 });
      const answer = await host.message(opened.id, 'echo');
      host.close(opened.id);
      return {
        opened,
        delivery,
        answer,
        closed: await host.closed(opened.id),
        frames: document.querySelectorAll('iframe').length,
      };
    }, ECHO);
    expect(seen).toMatchObject({
      opened: { hasSharedMemory: name === 'chrome', isPrepared: false },
      delivery: { got: { kind: 'engine', isLast: true } },
      answer: { got: { hello: 1 } },
      closed: 'closed',
      frames: 0,
    });
  });
});
