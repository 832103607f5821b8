import { isTrustedPress, watchControl } from './trusted-press.ts';

interface CheckProps {
  readonly part: string;
  readonly label: string;
  readonly isChecked: boolean;
  readonly onChange: (isChecked: boolean) => void;
}

/** A box to tick, by a person only. */
export function Check({ part, label, isChecked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        data-part={part}
        checked={isChecked}
        ref={watchControl}
        onClick={(event) => {
          if (!isTrustedPress(event)) event.preventDefault();
        }}
        onChange={(event) => {
          if (isTrustedPress(event)) onChange(event.currentTarget.checked);
          else event.currentTarget.checked = isChecked;
        }}
      />
      {label}
    </label>
  );
}

interface ChoiceProps {
  readonly part: string;
  readonly label: string;
  readonly kind: 'stack' | 'check';
  readonly value: string;
  /** Values with their words. */
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string) => void;
}

/** One of several, chosen by a person only. */
export function Choice({ part, label, kind, value, options, onChange }: ChoiceProps) {
  return (
    <label class={kind}>
      {label}
      <select
        data-part={part}
        value={value}
        ref={watchControl}
        onMouseDown={(event) => {
          if (!isTrustedPress(event)) event.preventDefault();
        }}
        onChange={(event) => {
          if (isTrustedPress(event)) onChange(event.currentTarget.value);
          else event.currentTarget.value = value;
        }}
      >
        {options.map(([id, words]) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
