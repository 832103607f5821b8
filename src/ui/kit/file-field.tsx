import type { Ref } from 'preact';

interface FileFieldProps {
  /** Told of the element, whose `click` opens the browser's dialog: what is seen and pressed is a button. */
  readonly field: Ref<HTMLInputElement>;
  readonly part: string;
  readonly label: string;
  readonly accept?: string;
  readonly isMultiple?: boolean;
  /** With one file at least. */
  readonly onFiles: (files: readonly [File, ...File[]]) => Promise<unknown>;
}

/** The browser's own field for files, unseen. The same files may be chosen once more when those of before are done with. */
export function FileField({ field, part, label, accept, isMultiple = false, onFiles }: FileFieldProps) {
  return (
    <input
      ref={field}
      type="file"
      accept={accept}
      multiple={isMultiple}
      hidden
      data-part={part}
      aria-label={label}
      onChange={({ currentTarget }) => {
        const [first, ...others] = currentTarget.files ?? [];
        if (first !== undefined) void onFiles([first, ...others]).then(() => (currentTarget.value = ''));
      }}
    />
  );
}
