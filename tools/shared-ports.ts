import type { Plugin } from 'vite';

/** What `v86` is imported from. */
export const V86_SCRIPT = /[\\/]v86[\\/]build[\\/]libv86\.mjs$/;

const EACH_ITS_OWN =
  /this\.ports=\[\];this\.cpu=(\w+);for\(var (\w+)=0;65536>\2;\2\+\+\)this\.ports\[\2\]=this\.create_empty_entry\(\);/g;
const ONE_FOR_ALL =
  'this.cpu=$1;var $2=this.empty_entry=this.create_empty_entry();this.ports=new Array(65536).fill($2);';
const REGISTERS = /\w+\.prototype\.register_(?:read|write)=function\((\w+),[\w,]+\)\{/g;
const WITH_ITS_OWN = '$&if(this.ports[$1]===this.empty_entry)this.ports[$1]=this.create_empty_entry();';

function replaced(code: string, pattern: RegExp, by: string, times: number): string {
  if ([...code.matchAll(pattern)].length !== times)
    throw new Error('v86 has its ports elsewhere: look at its class IO');
  return code.replace(pattern, by);
}

/**
 * v86's script where ports that no device has are one entry, and a port gets its own with its device. As v86 has it each of 65,536 gets
 * one: 4 MB of small objects in every machine, which the collector copies while it starts (decision 0184). Throws unless v86's class of
 * ports is as it was when this was written.
 */
export function withSharedPorts(code: string): string {
  return replaced(replaced(code, EACH_ITS_OWN, ONE_FOR_ALL, 1), REGISTERS, WITH_ITS_OWN, 2);
}

/** Has it so in every script that is built of v86. */
export const SHARED_PORTS: Plugin = {
  name: 'shared-ports',
  transform: {
    filter: { id: V86_SCRIPT },
    handler: (code) => ({ code: withSharedPorts(code), map: null }),
  },
};
