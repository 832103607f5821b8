import { NO_PROGRAMS } from '../../contracts/languages.ts';
import type { Decision, Place, SelectionFactor, SelectionWarning, WayOn } from '../../contracts/selection.ts';
import { estimateOf } from './estimate.ts';
import { weigh } from './factors.ts';
import type { SelectInput } from './inputs.ts';
import type { Weighed } from './weighed.ts';
import { nameOf } from './words.ts';

const LEAVE_IT: WayOn = { kind: 'leaveToChatGPT', text: 'Leave it to ChatGPT, whose own server may run it.' };
const EDIT: WayOn = { kind: 'editCode', text: 'Edit the code.' };

/**
 * Where a program should run, and why. Pure. A choice of the person goes before everything; then whatever cannot work here
 * (language, packages, network, other programs) speaks for elsewhere, and so does what takes more than is set for this
 * device. What only risks something or works in part runs here with a warning. Table of cases:
 * tests/fixtures/selection.
 */
export function select(input: SelectInput): Decision {
  const { language, analysis, surroundings, past } = input;
  const engine = surroundings.engines.find((each) => each.language === language);
  if (engine === undefined) return withoutEngine(input);
  const estimate = input.code.trim() === '' ? NOTHING : estimateOf(analysis.estimate, past);
  const factors = weigh(input, engine, estimate);
  const against = factors.filter(({ speaksFor }) => speaksFor === 'remote');
  const hasRemote = surroundings.remote.includes(language);
  const decided = placeOf(input, against, hasRemote);
  const chosen = choiceOf(input);
  const place = chosen?.place ?? decided;
  const choice: SelectionFactor[] =
    chosen === null ? [] : [{ name: 'choice', speaksFor: chosen.place, text: chosen.text }];
  return {
    place,
    canRunHere: true,
    reasons: reasonsOf(place, choice, factors, against),
    factors: [...choice, ...factors.map(({ name, speaksFor, text }) => ({ name, speaksFor, text }))],
    estimate,
    warnings: warningsOf(input, place, chosen !== null, factors, against),
    ways: waysOf(place, factors, against, hasRemote),
  };
}

const NOTHING = { timeMs: 0, memoryMB: 0, confidence: 1, from: 'code' } as const;

/** Work too heavy for this device goes elsewhere; where it also needs what is only here, in halves. */
function placeOf({ analysis }: SelectInput, against: readonly Weighed[], hasRemote: boolean): Place {
  if (against.length === 0) return 'onDevice';
  const isOnlyHeavy = against.every(({ name }) => name === 'time' || name === 'memory');
  const needsHere = analysis.fileAccess === 'read' || analysis.fileAccess === 'both' || analysis.readsInput;
  return hasRemote && isOnlyHeavy && needsHere ? 'hybrid' : 'remote';
}

function choiceOf({ choices, language }: SelectInput): { readonly place: Place; readonly text: string } | null {
  const where = { onDevice: 'on this device', remote: 'elsewhere', hybrid: 'in part elsewhere' } as const;
  const { once, session, language: general } = choices;
  if (once !== null) return { place: once, text: `You chose to run it ${where[once]} this time.` };
  if (session !== null) return { place: session, text: `You chose to run programs of this chat ${where[session]}.` };
  if (general !== null) return { place: general, text: `You chose to run ${nameOf(language)} ${where[general]}.` };
  return null;
}

function reasonsOf(
  place: Place,
  choice: readonly SelectionFactor[],
  factors: readonly Weighed[],
  against: readonly Weighed[],
): string[] {
  if (choice.length > 0) return [...choice, ...(place === 'onDevice' ? against : [])].map(({ text }) => text);
  const deciding = against.length > 0 ? against : factors.filter(({ speaksFor }) => speaksFor === 'onDevice');
  const files = place === 'hybrid' ? factors.filter(({ name }) => name === 'files' || name === 'input') : [];
  return [...deciding, ...files].map(({ text }) => text);
}

function warningsOf(
  { analysis }: SelectInput,
  place: Place,
  isChosen: boolean,
  factors: readonly Weighed[],
  against: readonly Weighed[],
): SelectionWarning[] {
  const warnings: SelectionWarning[] = [];
  const texts = (of: readonly Weighed[]) => of.map(({ text }) => text);
  if (place !== 'onDevice' && !isChosen) {
    warnings.push({ kind: 'remoteRequired', title: 'Remote execution required', reasons: texts(against) });
  }
  const limited = factors.filter(({ limits }) => limits);
  const short = place === 'onDevice' ? [...against, ...limited] : [];
  if (short.length > 0) {
    warnings.push({ kind: 'limitedFunctionality', title: 'Not all of it will work here', reasons: texts(short) });
  }
  if (analysis.band === 'high') {
    // What is low is no reason to be asked; it stands under what was seen.
    const reasons = analysis.reasons.filter(({ severity }) => severity !== 'low').map(({ text }) => text);
    warnings.push({ kind: 'securityRisk', title: 'This code does risky things', reasons });
  }
  return warnings;
}

function waysOf(place: Place, factors: readonly Weighed[], against: readonly Weighed[], hasRemote: boolean): WayOn[] {
  if (place === 'onDevice') {
    const hasDoubt = against.length > 0 || factors.some(({ limits }) => limits);
    return [{ kind: 'runHere', text: 'Run it on this device.' }, ...(hasDoubt ? [...instead(factors), EDIT] : [])];
  }
  const ways: WayOn[] = [];
  if (hasRemote) ways.push({ kind: 'runRemotely', text: 'Run it on your own server.' });
  ways.push(...instead(factors));
  // Allowing helps only where nothing else speaks against this device.
  const allowing = against.map(({ allow }) => allow ?? null);
  if (allowing.every((text) => text !== null)) {
    ways.push(...[...new Set(allowing)].map((text): WayOn => ({ kind: 'allowNetwork', text })));
  }
  if (!hasRemote) ways.push(LEAVE_IT);
  ways.push({ kind: 'runHere', text: 'Run it here anyway.' }, EDIT);
  return ways;
}

const instead = (factors: readonly Weighed[]): WayOn[] =>
  factors.flatMap(({ alternatives = [] }) => alternatives.map((text): WayOn => ({ kind: 'useInstead', text })));

function withoutEngine({ language, analysis, surroundings, past, code, choices }: SelectInput): Decision {
  const hasRemote = surroundings.remote.includes(language);
  const isUnknown = language === 'text';
  const isNoProgram = !isUnknown && NO_PROGRAMS.includes(language);
  let text = `${nameOf(language)} has no engine on this device yet.`;
  if (isUnknown) text = 'The language of this code is not recognised.';
  else if (isNoProgram) text = `${nameOf(language)} is no program: there is nothing to run.`;
  const reasons = [text];
  if (choices.once === 'onDevice') reasons.unshift('You chose to run it here, which is not possible.');
  const ways: WayOn[] = [];
  if (hasRemote) ways.push({ kind: 'runRemotely', text: 'Run it on your own server.' });
  if (isUnknown) ways.push({ kind: 'chooseLanguage', text: 'Say which language it is.' });
  else if (!isNoProgram) {
    ways.push({ kind: 'useInstead', text: 'Ask ChatGPT to write it in Python or JavaScript.' });
  }
  if (!isNoProgram) ways.push(LEAVE_IT);
  return {
    place: 'remote',
    canRunHere: false,
    reasons,
    factors: [{ name: 'language', speaksFor: 'remote', text }],
    estimate: code.trim() === '' ? NOTHING : estimateOf(analysis.estimate, past),
    warnings: isNoProgram ? [] : [{ kind: 'remoteRequired', title: 'Remote execution required', reasons }],
    ways: [...ways, EDIT],
  };
}
