import type { Dependency } from '../../contracts/analysis.ts';
import { isAllowed } from '../../contracts/network-origins.ts';
import type { SelectInput } from './inputs.ts';
import type { Weighed } from './weighed.ts';
import { named } from './words.ts';

/** Where `%pip install` asks, and where the files lie. */
const INDEX = ['https://pypi.org', 'https://files.pythonhosted.org'] as const;

/** What speaks for or against this device in what a program imports. */
export function packages(input: SelectInput): Weighed[] {
  const { dependencies } = input.analysis;
  const missing = dependencies.filter(({ status }) => status === 'unavailable');
  // Of a shell's hundreds of programs nobody keeps a list: one that is not there says so.
  const unknown = dependencies.filter(({ status }) => status === 'unknown' && input.language !== 'shell');
  const bundled = dependencies.filter(({ status }) => status === 'bundled');
  const rows: Weighed[] = missing.map((each) => ({
    ...standing(each, input),
    alternatives: each.instead.map((advice) => `Instead of ${each.name}: ${advice}.`),
  }));
  if (unknown.length > 0) {
    const is = unknown.length === 1 ? 'is' : 'are';
    const text = `${named(unknown.map(({ name }) => name))} ${is} not among the packages of this device; importing works only from files of the conversation.`;
    rows.push({ name: 'packages', speaksFor: null, text, limits: true });
  }
  if (bundled.length > 0) {
    const text = `${named(bundled.map(({ name }) => name))} ${bundled.length === 1 ? 'is' : 'are'} part of this extension.`;
    rows.push({ name: 'packages', speaksFor: 'onDevice', text });
  }
  return rows;
}

/** What no index has speaks against this device; what one has does, until the person allows it. */
function standing({ name, install, why }: Dependency, { code, surroundings: { origins } }: SelectInput): Weighed {
  const because = why === null ? '' : ` ${why}`;
  if (install === null)
    return { name: 'packages', speaksFor: 'remote', text: `${name} is not available here.${because}` };
  const text = `${name} is not part of this extension.${because}`;
  if (!INDEX.every((address) => isAllowed(origins, new URL(address)))) {
    const hosts = INDEX.map((address) => new URL(address).host).join(' and ');
    const allow = `Allow ${hosts} under Network in this extension's popup, then run %pip install ${install}.`;
    return { name: 'packages', speaksFor: 'remote', text, allow };
  }
  if (installs(code, install)) {
    const said = `${name} is not part of this extension; the code installs it from the index, which you allowed.`;
    return { name: 'packages', speaksFor: 'onDevice', text: said };
  }
  const how = `Where nothing in this chat installed it yet, run %pip install ${install} first.`;
  return { name: 'packages', speaksFor: null, text: `${text} ${how}`, limits: true };
}

const canonical = (name: string): string => name.replace(/[-_.]+/g, '-').toLowerCase();

/** Whether a line of pip in the code names the package, as its runtime reads such lines. */
function installs(code: string, name: string): boolean {
  const lines = code.matchAll(/^[ \t]*[%!]pip3? install (.+)$/gm);
  return [...lines].some(([, words = '']) =>
    words.split(/\s+/).some((word) => canonical(word.replace(/["']|[<>=!~[].*/g, '')) === canonical(name)),
  );
}
