import { useSignal } from '@preact/signals';
import { Button } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';

/** Longer JSON stays text: reading it would hold the page up. */
const READ_UTF16 = 1_000_000;
const LEAF_UTF16 = 1_000;
const KEY_UTF16 = 200;
/** Entries that are drawn at a time. */
const STEP = 100;

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}…` : text);

/** A number as the program wrote it, which has more digits than a number here. */
class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const leafOf = (value: unknown): string => (value instanceof Digits ? value.text : JSON.stringify(value));

// Beyond 2^53 numbers of this language skip some; programs of others write them all.
function withDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return isRounded && context?.source !== undefined ? new Digits(context.source) : value;
}

/** The object or list that JSON says, with Digits for the numbers that would be rounded; null for anything else. */
export function objectOf(json: string | undefined): object | null {
  if (json === undefined || json.length > READ_UTF16) return null;
  try {
    // Asked about each value it takes several times as long.
    const value: unknown = JSON.parse(json, /\d{16}/u.test(json) ? withDigits : undefined);
    if (value instanceof Digits) return null;
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

interface BranchProps {
  readonly name: string;
  readonly value: object;
  readonly isOpenFirst?: boolean;
}

/** An object or list that folds; what it holds is drawn once it is open. */
function Branch({ name, value, isOpenFirst = false }: BranchProps) {
  const isOpen = useSignal(isOpenFirst);
  const most = useSignal(STEP);
  const entries = Object.entries(value);
  return (
    <details open={isOpenFirst} onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>
        {cut(name, KEY_UTF16)}{' '}
        <span class="quiet">{Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </summary>
      {isOpen.value ? (
        <ul>
          {entries.slice(0, most.value).map(([key, inner]: [string, unknown]) => (
            <li key={key}>
              {typeof inner === 'object' && inner !== null && !(inner instanceof Digits) ? (
                <Branch name={key} value={inner} />
              ) : (
                `${cut(key, KEY_UTF16)}: ${cut(leafOf(inner), LEAF_UTF16)}`
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {isOpen.value && entries.length > most.value ? (
        <Button action="more" onPress={() => (most.value += STEP)}>
          {TEXTS.action.more}
        </Button>
      ) : null}
    </details>
  );
}

/** A value as a tree. Folded where its text stands beside it. */
export const ValueTree = ({ value, isFolded }: { readonly value: object; readonly isFolded: boolean }) => (
  <div class="rich tree" data-part="tree" dir="ltr">
    <Branch name={TEXTS.card.tree} value={value} isOpenFirst={!isFolded} />
  </div>
);
