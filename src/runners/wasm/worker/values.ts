import type { ResultForm, Word } from './program.ts';
import type { Signature } from './sections.ts';

export type WasmValue = number | bigint;

/** A call that the module's types do not allow, in words for a person. */
export class BadCall extends Error {}

/** Puts a text into the module's memory and says where. */
export type PlaceText = (text: string) => { readonly pointer: number; readonly length: number };

const I32 = { least: -(2 ** 31), most: 2 ** 32 - 1 };
const I64 = { least: -(2n ** 63n), most: 2n ** 64n - 1n };
const INTEGER = /^[+-]?(?:0[xX][0-9a-fA-F_]+|\d[\d_]*)$/u;

export const describeSignature = ({ parameters, results }: Signature): string => {
  const given = `(${parameters.join(', ')})`;
  if (results.length === 0) return given;
  return `${given} -> ${results.length === 1 ? results[0] : `(${results.join(', ')})`}`;
};

/**
 * Arguments as the export's types want them. A text in quotes stands for two numbers, its address and its length in bytes.
 * Throws `BadCall`.
 */
export function argumentsFor(
  name: string,
  signature: Signature,
  given: readonly Word[],
  place: PlaceText,
): WasmValue[] {
  const needed = given.reduce((sum, { isQuoted }) => sum + (isQuoted ? 2 : 1), 0);
  if (needed !== signature.parameters.length) {
    const wants = signature.parameters.length === 1 ? '1 argument' : `${signature.parameters.length} arguments`;
    throw new BadCall(`${name}${describeSignature(signature)} takes ${wants}, not ${needed}.`);
  }
  const values: WasmValue[] = [];
  for (const word of given) {
    const type = signature.parameters[values.length] ?? '';
    if (!word.isQuoted) values.push(valueOf(word.text, type, `argument ${values.length + 1} of ${name}`));
    else {
      if (type !== 'i32' || signature.parameters[values.length + 1] !== 'i32') {
        throw new BadCall(
          `A text stands for two i32 (address, length); ${name}${describeSignature(signature)} has other types there.`,
        );
      }
      const { pointer, length } = place(word.text);
      values.push(pointer, length);
    }
  }
  return values;
}

function valueOf(text: string, type: string, what: string): WasmValue {
  switch (type) {
    case 'i32': {
      const value = Number(integerOf(text, type, what));
      if (value < I32.least || value > I32.most) throw new BadCall(`${what} is ${text}, which does not fit into i32.`);
      return value | 0;
    }
    case 'i64': {
      const value = integerOf(text, type, what);
      if (value < I64.least || value > I64.most) throw new BadCall(`${what} is ${text}, which does not fit into i64.`);
      return BigInt.asIntN(64, value);
    }
    case 'f32':
    case 'f64':
      return floatOf(text, type, what);
    default:
      throw new BadCall(`${what} has the type ${type}, which cannot be given from here.`);
  }
}

function integerOf(text: string, type: string, what: string): bigint {
  if (!INTEGER.test(text)) throw new BadCall(`${what} must be a whole number (${type}), not ${text}.`);
  const digits = text.replaceAll('_', '').replace(/^[+-]/u, '');
  const value = BigInt(digits);
  return text.startsWith('-') ? -value : value;
}

function floatOf(text: string, type: string, what: string): number {
  const special = /^([+-]?)(inf|infinity|nan)$/iu.exec(text);
  if (special) {
    if (special[2]?.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = Number(text.replaceAll('_', ''));
  if (text.trim() === '' || Number.isNaN(value)) throw new BadCall(`${what} must be a number (${type}), not ${text}.`);
  return value;
}

/** Reads text that a function left in the memory: by address and length, or up to a zero byte where there is no length. */
export type ReadText = (pointer: number, length: number | null) => string;

/** What a call gave, as a person reads it; null for nothing. Throws `BadCall` where the form does not fit. */
export function showResult(result: unknown, form: ResultForm, readText: ReadText): string | null {
  const values = (result === undefined ? [] : Array.isArray(result) ? result : [result]) as unknown[];
  if (form === 'string') {
    const [pointer, length] = values;
    if (typeof pointer !== 'number' || values.length > 2)
      throw new BadCall('"-> string" needs an address, or an address and a length.');
    return readText(pointer >>> 0, typeof length === 'number' ? length >>> 0 : null);
  }
  if (values.length === 0) return null;
  const shown = values.map((value) => showValue(value, form));
  return shown.length === 1 ? (shown[0] ?? null) : `(${shown.join(', ')})`;
}

export function showValue(value: unknown, form: ResultForm = 'plain'): string {
  if (typeof value === 'bigint') {
    if (form === 'u64') return String(BigInt.asUintN(64, value));
    return form === 'hex' ? `0x${BigInt.asUintN(64, value).toString(16)}` : String(value);
  }
  if (typeof value === 'number') {
    if (form === 'bool') return value === 0 ? 'false' : 'true';
    if (form === 'u32') return String(value >>> 0);
    if (form === 'hex') return `0x${(value >>> 0).toString(16)}`;
    return Object.is(value, -0) ? '-0' : String(value);
  }
  return value === null ? 'null' : `<${typeof value}>`;
}
