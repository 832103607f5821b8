import { useSignal } from '@preact/signals';
import type { SessionId } from '../../../contracts/ids.ts';
import type { Artifact } from '../../../contracts/run.ts';
import { Button, Dialog, formatBytes, saveBytes, sentenceOf } from '../../kit/index.ts';
import { TEXTS } from '../../texts.ts';
import { type Picture, readArtifact } from './artifact-bytes.ts';
import { PictureCanvas } from './picture-canvas.tsx';
import { useServices } from './services.ts';

interface FileListProps {
  readonly files: readonly Artifact[];
  readonly sessionId: SessionId;
  readonly onNote: (text: string) => void;
}

const PREVIEW_BYTES = 200 * 1024;
const TEXT_MIMES = /^(text\/|application\/(json|xml|javascript|x-python|x-ndjson|toml|yaml))/;

interface Preview {
  readonly name: string;
  readonly text: string | null;
  readonly picture: Pick<Picture, 'mime' | 'bytes'> | null;
  readonly isCut: boolean;
}

/** A preview never runs anything: pictures of dots as pictures, the rest, drawings too, as text. */
function previewOf(file: Artifact, bytes: Uint8Array<ArrayBuffer>): Preview {
  const base = { name: file.name, text: null, picture: null, isCut: false };
  if (/^image\/(png|jpeg|gif|webp)/.test(file.mime)) {
    return { ...base, picture: { mime: file.mime, bytes } };
  }
  const isText = TEXT_MIMES.test(file.mime) || !bytes.subarray(0, 4096).includes(0);
  if (!isText) return base;
  return {
    ...base,
    text: new TextDecoder().decode(bytes.subarray(0, PREVIEW_BYTES)),
    isCut: bytes.length > PREVIEW_BYTES,
  };
}

export function FileList({ files, sessionId, onNote }: FileListProps) {
  const services = useServices();
  const preview = useSignal<Preview | null>(null);
  if (files.length === 0) return null;
  const withBytes = async (file: Artifact, use: (bytes: Uint8Array<ArrayBuffer>) => void | Promise<void>) => {
    const answer = await readArtifact(services.runs, sessionId, file);
    if (answer.ok) await use(answer.value);
    else onNote(await sentenceOf(answer.error));
  };
  const attach = (file: Artifact) =>
    withBytes(file, async (bytes) => {
      const isTaken = await services.attach([new File([bytes], file.name, { type: file.mime })]);
      onNote(isTaken ? TEXTS.composer.attached([file.name]) : TEXTS.composer.notAttached);
    });
  return (
    <div class="files">
      <ul aria-label={TEXTS.files.heading}>
        {files.map((file) => (
          <li
            key={file.id}
            data-part="artifact"
            data-name={file.name}
            data-path={file.path ?? ''}
            data-bytes={file.bytes}
          >
            <span class="name">{file.name}</span>
            <span class="quiet">{formatBytes(file.bytes)}</span>
            <Button
              action="open"
              label={`${TEXTS.action.open}: ${file.name}`}
              onPress={() => void withBytes(file, (bytes) => void (preview.value = previewOf(file, bytes)))}
            >
              {TEXTS.action.open}
            </Button>
            <Button
              action="save"
              label={`${TEXTS.action.save}: ${file.name}`}
              onPress={() => void withBytes(file, (bytes) => saveBytes(file.name, file.mime, bytes))}
            >
              {TEXTS.action.save}
            </Button>
            <Button action="attach" label={`${TEXTS.action.attach}: ${file.name}`} onPress={() => void attach(file)}>
              {TEXTS.action.attach}
            </Button>
          </li>
        ))}
      </ul>
      {preview.value === null ? null : (
        <Dialog title={preview.value.name} closeLabel={TEXTS.action.close} onClose={() => (preview.value = null)}>
          {preview.value.picture !== null ? (
            <PictureCanvas {...preview.value.picture} alt={preview.value.name} />
          ) : null}
          {preview.value.text !== null ? <pre dir="auto">{preview.value.text}</pre> : null}
          {preview.value.isCut ? <p class="quiet">{TEXTS.files.cut}</p> : null}
          {preview.value.picture === null && preview.value.text === null ? <p>{TEXTS.files.noPreview}</p> : null}
        </Dialog>
      )}
    </div>
  );
}
