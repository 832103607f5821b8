import { useMemo } from 'preact/hooks';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Display, Language } from '../../../contracts/run.ts';
import { renderSafeHtml } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import { pictureOf, readArtifact } from './artifact-bytes.ts';
import { Figure } from './figure-view.tsx';
import { useServices } from './services.ts';
import { Table } from './table-view.tsx';
import { objectOf, ValueTree } from './value-tree.tsx';

interface DisplayProps {
  readonly display: Display;
  readonly sessionId: SessionId;
  readonly language: Language | null;
  readonly number: number;
  readonly onFigure: () => void;
  readonly onNote: (text: string) => void;
}

function Html({ html, text }: { readonly html: string; readonly text: string }) {
  const place = (element: HTMLDivElement | null) => {
    if (element === null) return;
    const fragment = renderSafeHtml(html);
    if (fragment === null) element.textContent = text;
    else element.replaceChildren(fragment);
  };
  return <div class="rich" data-part="html" ref={place} />;
}

/** One rich output in its best form that can be shown safely: table, picture, HTML without anything active, text. */
function DisplayView({ display, sessionId, language, number, onFigure, onNote }: DisplayProps) {
  const { runs } = useServices();
  const picture = useMemo(() => pictureOf(display, number), [display, number]);
  if (display.table !== null) {
    const file = display.artifact;
    return (
      <Table
        table={display.table}
        name={file?.name ?? display.table.title ?? `table-${number}`}
        readWhole={file === null ? null : () => readArtifact(runs, sessionId, file)}
        savesAll={language === 'python' ? TEXTS.table.pythonSavesAll : null}
        onNote={onNote}
      />
    );
  }
  if (picture !== null) return <Figure picture={picture} number={number} onShown={onFigure} onNote={onNote} />;
  const html = display.data['text/html'];
  if (html !== undefined) return <Html html={html} text={textOf(display)} />;
  return <TextView display={display} />;
}

/** Text as it is; data as a tree, in the place of its JSON or beside a text that may say more. */
function TextView({ display }: { readonly display: Display }) {
  const text = textOf(display);
  const json = display.data[JSON_TYPE];
  const value = useMemo(() => objectOf(json), [json]);
  return (
    <>
      {text === '' || (value !== null && text === json) ? null : (
        <pre class="text" data-part="display" dir="auto" tabIndex={0}>
          {text}
        </pre>
      )}
      {value === null ? null : <ValueTree value={value} isFolded={text !== json} />}
    </>
  );
}

const JSON_TYPE = 'application/json';
const TEXT_TYPES = ['text/plain', 'text/markdown', 'text/latex', JSON_TYPE] as const;

/** The plain form of a rich output; empty where it has none. */
export function textOf(display: Display): string {
  for (const mime of TEXT_TYPES) {
    const text = display.data[mime];
    if (text !== undefined) return text;
  }
  return '';
}

export function DisplayList({
  displays,
  sessionId,
  language,
  onFigure,
  onNote,
}: {
  readonly displays: readonly Display[];
  readonly sessionId: SessionId;
  readonly language: Language | null;
  readonly onFigure: () => void;
  readonly onNote: (text: string) => void;
}) {
  return (
    <>
      {displays.map((display, at) => (
        <DisplayView
          key={display.id}
          display={display}
          sessionId={sessionId}
          language={language}
          number={at + 1}
          onFigure={onFigure}
          onNote={onNote}
        />
      ))}
    </>
  );
}
