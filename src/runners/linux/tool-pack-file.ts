/** By this name a tool pack is delivered to the machine, whatever its file was called. */
export const TOOL_PACK_FILE = 'tools.pack';
