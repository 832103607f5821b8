import { Button } from '../kit/index.ts';
import type { FolderCopy } from './folder-copy.ts';
import { isKeptHandle } from './picked-folder.ts';
import { FOLDER_TEXTS } from './texts.ts';

const T = FOLDER_TEXTS;

/** The folders that were copied into this conversation before; each can be updated, or forgotten. */
export function KnownPart({ copy }: { readonly copy: FolderCopy }) {
  const known = copy.known.value;
  if (known.length === 0) return null;
  return (
    <section class="known" data-part="known" aria-label={T.known}>
      <h2>{T.known}</h2>
      <ul>
        {known.map((folder) => (
          <li key={folder.target} data-folder={folder.target}>
            <p>
              {T.knownRow(folder.target, folder.files.length)}
              <span class="quiet"> {T.at(new Date(folder.atMs).toLocaleString())}</span>
            </p>
            {isKeptHandle(folder.handle) ? null : <p class="quiet">{T.byHand}</p>}
            <div class="row" role="group" aria-label={folder.target} aria-disabled={copy.isWorking}>
              {isKeptHandle(folder.handle) ? (
                <>
                  <Button
                    action="update-folder"
                    label={T.updateLabel(folder.target)}
                    onPress={() => void copy.update(folder)}
                  >
                    {T.update}
                  </Button>
                  <Button
                    action="write-back"
                    label={T.backLabel(folder.target)}
                    onPress={() => void copy.lookBack(folder)}
                  >
                    {T.back}
                  </Button>
                </>
              ) : null}
              <Button
                action="forget-folder"
                label={T.forgetLabel(folder.target)}
                onPress={() => void copy.forget(folder)}
              >
                {T.forget}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
