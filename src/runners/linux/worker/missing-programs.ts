import type { BashOutput } from './bash.ts';

const COMMAND_NOT_FOUND = /: line \d+: ([\w.+-]{1,60}): command not found\n/gu;
/** Of what a program writes to its error output, the end is kept: what bash says of its last commands. */
const KEPT_UTF16 = 4_000;
const NAMES_MOST = 3;

/** What bash did not find of a program's commands. */
export class MissingPrograms {
  #said = '';

  get names(): readonly string[] {
    const names = [...this.#said.matchAll(COMMAND_NOT_FOUND)].map(([, name = '']) => name);
    return [...new Set(names)].slice(-NAMES_MOST);
  }

  /** The same output, listened to. */
  listening({ onStdout, onStderr }: BashOutput): BashOutput {
    const decoder = new TextDecoder();
    return {
      onStdout,
      onStderr: (bytes) => {
        this.#said = (this.#said + decoder.decode(bytes, { stream: true })).slice(-KEPT_UTF16);
        return onStderr(bytes);
      },
    };
  }
}

/** Where to have what this image has not. */
export const saidOfMissing = (name: string, image: 'full' | 'small'): string =>
  image === 'full'
    ? `${name} is not in this Linux: \`apt-get install\` brings packages of Debian where deb.debian.org is allowed for this conversation in the popup.`
    : `${name} is not in the small Linux, which has bash and the programs of BusyBox alone. Python and JavaScript run beside it, with the same files; the settings in the popup can choose the full Linux.`;
