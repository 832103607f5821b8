declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

declare module 'luaparse' {
  export function parse(code: string, options: { readonly luaVersion: '5.3'; readonly locations: boolean }): object;
}
