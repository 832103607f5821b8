import { isObject, textOrNull, type JsonObject } from '../json.ts';

/** What a tool call of any version says. `body` is the code, or the command for shell and ide. */
export interface SeedCall {
  readonly tool: string | null;
  readonly body: string | null;
  readonly workingDirectory: string | null;
  readonly environment: JsonObject | null;
}

type VersionMapping = (content: JsonObject) => SeedCall;

/** Rule F2: the two known versions have one shape; an unknown one is read as generic and keeps its name. */
const MAPPINGS: ReadonlyMap<string, VersionMapping> = new Map([
  ['generic', readGeneric],
  ['v1.0', readGeneric],
]);

export function versionOf(content: JsonObject): string {
  const version = textOrNull(content['tool_version']);
  return version === null || version === '' ? 'generic' : version;
}

export function readCall(version: string, content: JsonObject): SeedCall {
  return (MAPPINGS.get(version) ?? readGeneric)(content);
}

function readGeneric(content: JsonObject): SeedCall {
  const tool = textOrNull(content['tool_name']);
  const { environment } = content as { environment?: unknown };
  return {
    tool,
    body: textOrNull(tool === 'python' ? content['code'] : content['command']),
    workingDirectory: textOrNull(content['cwd']),
    environment: isObject(environment) ? environment : null,
  };
}
