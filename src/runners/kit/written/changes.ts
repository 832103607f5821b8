/** Folders that are ours, not results of the person's program. */
const HIDDEN = ['.output', '.companion', '__pycache__', '.cache', '.config'];

export interface Changes {
  touch(path: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Paths written since the last call, oldest first. */
  take(): string[];
}

/** Which files of the tree a run wrote. Paths are relative to the tree's root. */
export function createChanges(): Changes {
  const touched = new Set<string>();
  const isHidden = (path: string): boolean => path.split('/').some((part) => HIDDEN.includes(part));
  return {
    touch(path) {
      if (!isHidden(path)) touched.add(path);
    },
    rename(from, to) {
      for (const path of [...touched]) {
        if (path !== from && !path.startsWith(`${from}/`)) continue;
        touched.delete(path);
        touched.add(to + path.slice(from.length));
      }
      if (!isHidden(to)) touched.add(to);
    },
    remove(path) {
      touched.delete(path);
    },
    take() {
      const paths = [...touched];
      touched.clear();
      return paths;
    },
  };
}
