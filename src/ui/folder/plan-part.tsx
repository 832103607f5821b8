import { Button, Check, formatBytes } from '../kit/index.ts';
import { type CopyPlan, targetName } from './copy-plan.ts';
import type { FolderCopy, Step } from './folder-copy.ts';
import type { LeftOut } from './local-folder.ts';
import { FOLDER_TEXTS } from './texts.ts';

const T = FOLDER_TEXTS;

export function foundWords({ files, bytes, same, changedHere }: CopyPlan): string {
  if (files.length > 0) return T.found(files.length, formatBytes(bytes));
  if (changedHere.length > 0) return T.onlyChangedHere;
  return same > 0 ? T.noneNew : T.none;
}

/** What a second press copies, what it replaces, and each file that it does not copy. */
export function PlanPart({
  step,
  copy,
}: {
  readonly step: Extract<Step, { readonly kind: 'planned' }>;
  readonly copy: FolderCopy;
}) {
  const { plan, wanted } = step;
  const { name } = step.folder;
  const { length } = plan.files;
  const { tooMuch, changedHere } = plan;
  return (
    <section data-part="plan" aria-label={T.plan(name)}>
      <h2>{T.plan(name)}</h2>
      {step.isAnew ? (
        <p class="alert" data-part="planned-anew">
          {T.plannedAnew}
        </p>
      ) : null}
      <p data-part="found">
        {foundWords(plan)} {length === 0 ? null : T.goesTo(plan.target)}
      </p>
      <OtherName plan={plan} name={name} />
      {plan.same === 0 ? null : <p data-part="same">{T.same(plan.same)}</p>}
      {plan.replaced.size === 0 ? null : (
        <p class="alert" data-part="replaced">
          {T.replaced(plan.replaced.size)}
        </p>
      )}
      <PathsPart part="changed-here" title={T.changedHere(changedHere.length)} rows={changedHere} />
      {changedHere.length === 0 ? null : (
        <Check
          part="replace-changed"
          label={T.replaceChanged}
          isChecked={wanted.replacesChanged}
          onChange={(replacesChanged) => void copy.look({ ...wanted, replacesChanged })}
        />
      )}
      <PathsPart part="gone" title={T.gone(plan.gone.length)} rows={plan.gone} />
      {plan.skipped.length === 0 ? null : <p data-part="skipped">{T.skipped(plan.skipped.join(', '))}</p>}
      {plan.skipped.length === 0 && !wanted.takesAll ? null : (
        <Check
          part="take-all"
          label={T.takeAll}
          isChecked={wanted.takesAll}
          onChange={(takesAll) => void copy.look({ ...wanted, takesAll })}
        />
      )}
      <LeftOutPart leftOut={plan.leftOut} />
      <p class="quiet">{T.unseen}</p>
      <TooMuch tooMuch={tooMuch} />
      {length === 0 || tooMuch !== null ? null : (
        <Button action="copy-folder" kind="primary" onPress={() => void copy.copy()}>
          {T.copy(length)}
        </Button>
      )}
    </section>
  );
}

function OtherName({ plan, name }: { readonly plan: CopyPlan; readonly name: string }) {
  if (plan.target === targetName(name)) return null;
  return (
    <p class="alert" data-part="other-name">
      {T.otherName(plan.target, name)}
    </p>
  );
}

function TooMuch({ tooMuch }: Pick<CopyPlan, 'tooMuch'>) {
  if (tooMuch === null) return null;
  return (
    <p class="alert" data-part="too-much" role="alert">
      {tooMuch.what === 'count' ? T.tooMuchCount(tooMuch.room) : T.tooMuchBytes(formatBytes(tooMuch.room))}
    </p>
  );
}

export function LeftOutPart({ leftOut }: { readonly leftOut: readonly LeftOut[] }) {
  return <PathsPart part="left-out" title={T.leftOut(leftOut.length)} rows={leftOut.map(T.leftOutRow)} />;
}

/** A list of files, all of them; nothing where there is none. */
export function PathsPart({
  part,
  title,
  rows,
}: {
  readonly part: string;
  readonly title: string;
  readonly rows: readonly string[];
}) {
  if (rows.length === 0) return null;
  return (
    <div class="paths" data-part={part}>
      <h3>{title}</h3>
      {/* Focusable: the keyboard scrolls it. */}
      <ul tabIndex={0} aria-label={title}>
        {rows.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
    </div>
  );
}
