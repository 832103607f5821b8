import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { testFolder } from '../tests/support/test-folder.ts';

const TOOL = fileURLToPath(new URL('decode.ts', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../tests/fixtures/wire/', import.meta.url));
const folder = testFolder('decode');

function decode(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [TOOL, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('decode', () => {
  it('prints one object a line, one a file', () => {
    const files = ['delta-hello.in.sse', 'ws-turn.in.ws.jsonl', 'doc-python.in.json', 'redact-secrets.in.json'];
    const { status, stdout, stderr } = decode(...files.map((name) => FIXTURES + name), '--chunks', '3');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatchObject({ turns: [{ source: 'http', state: 'complete' }] });
    expect(lines[3]).toHaveProperty('redacted');
  });

  it('obeys limits', () => {
    const { stdout } = decode(`${FIXTURES}delta-code-too-large.in.sse`, '--limits', '{"maxCodeChars":1000000}');
    expect(JSON.parse(stdout)).toMatchObject({ problems: {} });
  });

  it('reads an export archive and a bare conversation document', () => {
    const mapping = {
      n: {
        parent: null,
        message: { id: 'm', author: { role: 'user' }, content: { content_type: 'text', parts: ['hi'] } },
      },
    };
    const conversation = { id: 'c', title: 't', current_node: 'n', mapping };
    const archive = zipSync({
      'x/conversations-000.json': strToU8(JSON.stringify([conversation])),
      'chat.html': strToU8('<p>'),
    });
    const wanted = { titles: { c: 't' }, messages: [{ text: 'hi', conversation_id: 'c' }] };
    expect(JSON.parse(decode(file('export.zip', archive)).stdout)).toMatchObject(wanted);
    expect(JSON.parse(decode(file('c.json', JSON.stringify(conversation))).stdout)).toMatchObject(wanted);
  });

  it('takes the kind from --kind when the name says nothing', () => {
    const path = file('body.bin', 'data: [DONE]\n\n');
    expect(decode(path).status).toBe(1);
    expect(decode(path, '--kind', 'sse').status).toBe(0);
  });

  it.each([
    [[], 'usage:'],
    [['/nowhere/at-all.sse'], 'ENOENT'],
    [['x.sse', '--chunks', '0'], '--chunks'],
    [['x.sse', '--kind', 'tape'], '--kind'],
    [['x.sse', '--limits', '{'], '--limits'],
    [['x.sse', '--limits', '{"other":1}'], '--limits'],
    [['x.sse', '--nonsense'], '--nonsense'],
  ])('fails with one sentence on %j', (args, sentence) => {
    const { status, stdout, stderr } = decode(...args);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('fails on a file that is not what it claims', () => {
    expect(decode(file('broken.json', '{')).stderr).toContain('is not JSON');
    expect(decode(file('broken.zip', new Uint8Array([0x50, 0x4b, 1, 2]))).stderr).toContain('cannot be unpacked');
  });
});
