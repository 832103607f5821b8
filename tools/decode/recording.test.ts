import { Buffer } from 'node:buffer';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Capture, createCapture } from '../../src/capture/pipeline/index.ts';
import type { CaptureEvent } from '../../src/contracts/capture.ts';
import { redactRecording } from '../../src/wire/recording/index.ts';
import { WORD_PARTS } from '../../src/wire/recording/values/vocabulary.ts';
import { isKnownKey } from '../../src/wire/recording/values/words.ts';
import type { WireEvent, WireLimits } from '../../src/wire/index.ts';
import type { Cutting } from './cutting.ts';
import { kindOf, stepsOf } from './decode-input.ts';
import { type Step, StepPlayer, stepSchema } from './steps.ts';

const FOLDER = fileURLToPath(new URL('../../tests/fixtures/wire/', import.meta.url));
const CUTTINGS: readonly Cutting[] = [null, 7, 'line-ends', { seed: 12_345 }];

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.out.json'))
  .map((file) => file.slice(0, -'.out.json'.length));
const wantedSchema = z.object({
  options: z.object({ maxEventChars: z.number().optional(), maxCodeChars: z.number().optional() }).default({}),
});

interface Played {
  readonly events: readonly CaptureEvent[];
  /** Kinds of what the decoders told, and what they say in words of ours. */
  readonly told: readonly string[];
  readonly health: ReturnType<Capture['health']>;
  readonly recording: ReturnType<Capture['recorder']['read']>;
}

function stepsIn(name: string): readonly Step[] | null {
  const ends = ['.in.sse', '.in.ws.jsonl', '.in.json'];
  const file = ends.map((end) => name + end).find((each) => existsSync(FOLDER + each));
  if (file === undefined) throw new Error('no input');
  const bytes = new Uint8Array(readFileSync(FOLDER + file));
  const kind = kindOf(file, bytes);
  return kind && stepsOf(kind, bytes);
}

function limitsOf(name: string): Partial<WireLimits> {
  const { options } = wantedSchema.parse(JSON.parse(readFileSync(`${FOLDER}${name}.out.json`, 'utf8')));
  return {
    envelopesPerSecond: Number.POSITIVE_INFINITY,
    ...(options.maxEventChars === undefined ? {} : { eventUtf16: options.maxEventChars }),
    ...(options.maxCodeChars === undefined ? {} : { codeUtf16: options.maxCodeChars }),
  };
}

const outlineOf = (event: WireEvent): string =>
  [event.kind, 'problem' in event ? event.problem : '', 'state' in event ? event.state : ''].join(' ');

function play(limits: Partial<WireLimits>, steps: readonly Step[], cutting: Cutting): Played {
  const events: CaptureEvent[] = [];
  const told: string[] = [];
  const capture = createCapture({
    limits,
    now: () => 0,
    onEvent: (event) => events.push(event),
    onWireEvent: (event) => {
      // Of a text that only grows it is told now and again; how often is a matter of blanks.
      if (!event.kind.startsWith('message')) told.push(outlineOf(event));
    },
  });
  const player = new StepPlayer(capture, cutting);
  for (const step of steps) player.play(step);
  return { events, told, health: capture.health(), recording: capture.recorder.read() };
}

/** Fields with a text: it has the length, the lines and the fences that it had. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'code', 'title', 'exception', 'workingDirectory', 'environment']);

/** Compares events by structure; all strings that are no texts must be renamed one to one. */
function createComparison() {
  const there = new Map<string, string>();
  const back = new Map<string, string>();
  const isRenamed = (from: string, to: string): boolean => {
    if (!there.has(from)) there.set(from, to);
    if (!back.has(to)) back.set(to, from);
    return there.get(from) === to && back.get(to) === from;
  };
  const outline = (text: string): string => text.replaceAll(/[^\s`~\uE200-\uE202]/g, 'x');
  const compareStrings = (from: string, to: string, key: string): boolean => {
    // By name where it has one, else by id.
    if (key === 'attachments') return outline(from) === outline(to) || isRenamed(from, to);
    return TEXTS.has(key) ? outline(from) === outline(to) : isRenamed(from, to);
  };
  const compare = (from: unknown, to: unknown, key: string, path: string): void => {
    const where = `${path}: ${JSON.stringify(from)} is ${JSON.stringify(to)}`;
    if (typeof from === 'string' && typeof to === 'string') expect(compareStrings(from, to, key), where).toBe(true);
    else if (key === 'createdAtSeconds') expect(typeof to, where).toBe(typeof from);
    else if (typeof from === 'object' && from !== null && typeof to === 'object' && to !== null) {
      const after = Object.values(to);
      expect(after.length, where).toBe(Object.keys(from).length);
      for (const [at, [name, value]] of Object.entries(from).entries()) {
        compare(value, after[at], Array.isArray(from) || key === 'environment' ? key : name, `${path}.${name}`);
      }
    } else expect(to, where).toBe(from);
  };
  return compare;
}

const WORD = /[A-Za-z]{4,}/g;
const BASE64 = /^[A-Za-z0-9+/]{40,}=*$/;
/** How the format of fixtures itself speaks, beside the words of the protocol. */
const OF_FIXTURES = ['steps', 'example', 'sediment', 'prototype', 'constructor'];

/** Words of a recording's texts and keys that no protocol word is made of, and no key of the protocol. */
function wordsSaid(recording: Played['recording']): ReadonlySet<string> {
  const keys = new Set<string>(OF_FIXTURES);
  const said = new Set<string>();
  const takeKey = (key: string): void => {
    for (const [word] of key.matchAll(WORD)) (isKnownKey(key) ? keys : said).add(word);
  };
  const take = (value: unknown): void => {
    if (typeof value === 'string') takeText(BASE64.test(value) ? Buffer.from(value, 'base64').toString() : value);
    else if (typeof value === 'object' && value !== null) {
      // The steps of a path are keys as well.
      if ('p' in value && typeof value.p === 'string') value.p.split('/').forEach(takeKey);
      if (!Array.isArray(value)) Object.keys(value).forEach(takeKey);
      for (const item of Object.values(value)) take(item);
    }
  };
  const takeText = (text: string): void => {
    const lines = text.split(/\r\n|\r|\n/);
    const events = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice(5));
    for (const part of events.length > 0 ? events : [text]) {
      try {
        const value: unknown = JSON.parse(part);
        if (typeof value === 'object') take(value);
      } catch {
        // No JSON: its words are what it says.
        for (const [word] of part.matchAll(WORD)) if (!WORD_PARTS.has(word.toLowerCase())) said.add(word);
      }
    }
  };
  for (const envelope of recording) {
    if (envelope.kind === 'socket' && 'text' in envelope) takeText(envelope.text);
    if (envelope.kind === 'chunk') takeText(Buffer.from(envelope.base64, 'base64').toString());
    if (envelope.kind === 'open') take([envelope.request ?? '', new URL(envelope.url).pathname]);
  }
  // A text may begin or end within a word of the protocol.
  const isOfProtocol = (word: string) => [...WORD_PARTS].some((part) => part.includes(word));
  return new Set([...said].filter((word) => !keys.has(word) && !isOfProtocol(word)));
}

/** Their names are renamed where no protocol word is in them. */
const sightingsIn = ({ health }: Played): readonly string[] =>
  (health.sightings ?? []).map(({ kind, count }) => `${kind} ${count}`);

describe('a redacted recording', () => {
  it.each(names.filter((name) => stepsIn(name) !== null))('of %s says no word that was said', (name) => {
    const { recording } = play(limitsOf(name), stepsIn(name) ?? [], null);
    const { about, ...shown } = redactRecording(recording).fixture;
    const words = new Set([...JSON.stringify(shown).matchAll(WORD)].map(([word]) => word));
    expect(about).not.toBe('');
    expect([...wordsSaid(recording)].filter((word) => words.has(word))).toEqual([]);
  });

  it.each(names.filter((name) => stepsIn(name) !== null))('of %s decodes to the same events', (name) => {
    const steps = stepsIn(name) ?? [];
    for (const cutting of CUTTINGS) {
      const before = play(limitsOf(name), steps, cutting);
      const { fixture } = redactRecording(before.recording);
      const written: unknown = JSON.parse(JSON.stringify(fixture.steps));
      const after = play(limitsOf(name), z.array(stepSchema).parse(written), null);
      expect(after.events.map(({ kind }) => kind)).toEqual(before.events.map(({ kind }) => kind));
      const compare = createComparison();
      for (const [at, event] of before.events.entries()) compare(event, after.events[at], '', `${at} ${event.kind}`);
      expect(after.told).toEqual(before.told);
      const { streamsSeen, decoded, unknownShapes, drift, problems } = before.health;
      expect(after.health).toMatchObject({ streamsSeen, decoded, unknownShapes, drift, problems });
      expect(sightingsIn(after)).toEqual(sightingsIn(before));
    }
  });

  it('shows the same signs of a tool that may be Python, whatever its name', () => {
    const word = fc.constantFrom(
      'python',
      'pyodide',
      'code',
      'interpreter',
      'jupyter',
      'kernel',
      'notebook',
      'ipython',
    );
    const cased = fc.tuple(word, fc.constantFrom('lower', 'upper', 'first')).map(([each, how]) => {
      if (how === 'lower') return each;
      return how === 'upper' ? each.toUpperCase() : each.charAt(0).toUpperCase() + each.slice(1);
    });
    const part = fc.oneof(cased, fc.constantFrom('run', 'exec', 'anna', 'Anna', '3', 'ista'));
    const name = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom('.', '_', '-', '', ' '))
      .map(([parts, between]) => parts.join(between));
    const about = (recipient: string): readonly Step[] => {
      const author = { role: 'assistant', name: null };
      const message = { id: 'm1', author, content: { content_type: 'code', text: '1' }, recipient, metadata: {} };
      const text = `data: ${JSON.stringify({ message, conversation_id: 'c1', error: null })}\n\ndata: [DONE]\n\n`;
      const url = '/backend-api/f/conversation';
      return [stepSchema.parse({ step: 'http', id: 'post', method: 'POST', url, type: 'text/event-stream', text })];
    };
    fc.assert(
      fc.property(name, (recipient) => {
        const before = play({}, about(recipient), null);
        const { fixture } = redactRecording(before.recording);
        const after = play({}, z.array(stepSchema).parse(JSON.parse(JSON.stringify(fixture.steps))), null);
        expect(after.health.drift).toBe(before.health.drift);
        expect(sightingsIn(after)).toEqual(sightingsIn(before));
        expect(after.events.filter(({ kind }) => kind === 'call')).toHaveLength(
          before.events.filter(({ kind }) => kind === 'call').length,
        );
        expect(JSON.stringify(fixture.steps).toLowerCase()).not.toContain('anna');
      }),
    );
  });
});
