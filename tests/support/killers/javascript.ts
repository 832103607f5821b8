import { expect } from 'vitest';
import type { Outcome } from '../../../src/contracts/outcome.ts';
import { VARIABLES_GONE } from '../../../src/runners/kit/engine-run.ts';
import type { Killer, KillerSet } from './describe-killers.ts';

/** In whole where it is an error of the language: a fault in a program's own text would end in another. */
type Ending = 'time' | 'memory' | 'stack' | 'timers' | 'fine' | `${string}Error: ${string}`;

/** Programs that tried to take an engine or its browser down, and how each must end here. */
const KILLERS: readonly (readonly [title: string, ending: Ending, code: string])[] = [
  ['a function that calls itself', 'stack', 'function f(n){return 1+f(n+1)}f(0)'],
  ['a getter that reads itself', 'stack', 'let o={get a(){return this.a}};o.a'],
  ['a toString that needs itself', 'stack', 'let o={toString(){return ""+this}};""+o'],
  ['a proxy that asks itself', 'stack', 'let p=new Proxy({}, {get(t,k,r){return r[k]}});p.x'],
  ['JSON nested a million deep', 'stack', "JSON.parse('['.repeat(1e6))"],
  ['a value nested deep, made JSON', 'stack', 'let a=[];for(let i=0;i<1e5;i++)a=[a];JSON.stringify(a)'],
  ['a value nested deep, shown', 'stack', 'let a=[];for(let i=0;i<1e5;i++)a=[a];a'],
  ['a value nested deep, flattened', 'stack', 'let a=[];for(let i=0;i<1e5;i++)a=[a];a.flat(Infinity).length'],
  ['source nested deep in brackets', 'stack', "eval('['.repeat(1e5))"],
  ['source nested deep in parentheses', 'stack', "eval('('.repeat(1e5)+'1'+')'.repeat(1e5))"],
  ['source with a million operators', 'fine', "eval('1'+'+1'.repeat(1e6))"],
  ['a pattern that backtracks', 'time', "/^(a+)+$/.test('a'.repeat(40)+'!')"],
  ['a pattern with huge counts', 'fine', "new RegExp('(?:(?:(?:a{1000}){1000}){1000}){1000}').test('a')"],
  ['a pattern nested deep', 'SyntaxError: too many captures', "new RegExp('('.repeat(1e5)+')'.repeat(1e5))"],
  ['a pattern that backtracks over a long text', 'time', "/(x+x+)+y/.test('x'.repeat(1e5))"],
  ['an array without end', 'memory', 'let a=[];for(;;)a.push(1)'],
  ['arrays of arrays without end', 'memory', 'let a=[];for(;;)a.push(new Array(1000).fill(0))'],
  ['a text that doubles', 'InternalError: string too long', "let s='x';for(;;)s+=s"],
  ['texts without end', 'memory', "let s=[];for(;;)s.push('x'.repeat(1e6)+s.length)"],
  ['buffers without end', 'memory', 'let a=[];for(;;)a.push(new Uint8Array(1e6))'],
  ['one buffer of 3 GB', 'RangeError: invalid array buffer length', 'new Uint8Array(3e9).length'],
  ['one text of 512 MB', 'memory', "'x'.repeat(2**29).length"],
  ['a text cut into 30 million', 'memory', "'x'.repeat(3e7).split('').length"],
  ['a join over a thousand million holes', 'time', "Array(1e9).join('x').length"],
  ['a search through 4 thousand million holes', 'time', 'new Array(4294967295).indexOf(1)'],
  ['a fill of a thousand million', 'memory', 'new Array(1e9).fill(0).length'],
  ['a sort of three million texts', 'memory', 'Array.from({length:3e6},Math.random).sort().length'],
  ['a generator spread without end', 'memory', 'function*g(){for(;;)yield 1};[...g()].length'],
  ['a map without end', 'memory', 'let m=new Map();for(let i=0;;i++)m.set(i,{})'],
  ['promises that beget promises', 'time', 'function f(){Promise.resolve().then(f)};f()'],
  ['an await without end', 'time', '(async()=>{for(;;)await null})()'],
  ['promises without end', 'memory', 'for(let i=0;;i++)Promise.resolve().then(()=>{})'],
  ['lines without end', 'time', 'for(;;)console.log("xxxxxxxxxx")'],
  ['one line of 50 MB', 'memory', 'console.log("x".repeat(5e7))'],
  ['timers without end', 'timers', 'for(;;)setTimeout(()=>{},0)'],
  ['an interval without end', 'time', 'setInterval(()=>{},0)'],
  [
    'a value whose traps do not end',
    'time',
    'new Proxy({}, {ownKeys(){for(;;);},get(){for(;;);},getPrototypeOf(){for(;;);}})',
  ],
  ['a value whose tag does not end', 'time', '({get [Symbol.toStringTag](){for(;;);}})'],
  [
    'an error whose message does not end',
    'time',
    'let e=new Error("x");Object.defineProperty(e,"message",{get(){for(;;);}});throw e',
  ],
  ['loops that catch and finally', 'time', 'for(;;){try{for(;;);}catch(e){}finally{for(;;);}}'],
  [
    'a loop that catches a full memory',
    'time',
    'for(;;){try{let a=[];for(;;)a.push("x".repeat(1e5)+a.length)}catch(e){}}',
  ],
  ['a power too large', 'RangeError: BigInt is too large', '(2n**(2n**30n)).toString().length'],
  ['a number that squares itself', 'RangeError: BigInt is too large to allocate', 'let b=3n;for(;;)b*=b'],
  ['a number of a million digits', 'RangeError: BigInt is too large to allocate', '(3n**3000000n).toString().length'],
  ['symbols without end', 'memory', 'let a=[];for(let i=0;;i++)a.push(Symbol("s"+i))'],
  ['properties without end', 'memory', 'let o={};for(let i=0;;i++)o["k"+i]=i'],
  ['closures without end', 'memory', 'let f=()=>0;for(;;){let g=f;f=()=>g()+1}'],
  ['closures nested deep', 'stack', 'let f=()=>0;for(let i=0;i<1e5;i++){let g=f;f=()=>g()+1};f()'],
  ['a replacement that grows', 'memory', "let s='a'.repeat(1e6);for(;;)s=s.replace(/a/g,'aa')"],
  ['a comparison that sorts', 'stack', '[3,1,2].sort(function c(a,b){return [1,2].sort(c)})'],
  ['a list of a million links', 'memory', 'let a={};for(let i=0;i<1e6;i++)a={a};0'],
  ['eval without end', 'time', 'for(;;)eval("1+1")'],
  ['functions without end', 'time', 'for(let i=0;;i++)new Function("return "+i)'],
  // Last: what it leaves to programs after it in its session is its own.
  [
    'natives that were made endless',
    'time',
    'Array.prototype.push=Object.keys=String.prototype.includes=JSON.stringify=function(){for(;;);};console.log({a:1});[1,{b:2}]',
  ],
];

export const JAVASCRIPT_LIMITS = { timeMs: 1_000, memoryMB: 64 };
/** For those that time does not end: tens of times what the slowest of them needs. */
export const LONG_LIMITS = { ...JAVASCRIPT_LIMITS, timeMs: 60_000 };

function endingOf(outcome: Outcome): string {
  if (outcome.kind === 'timedOut') return 'time';
  if (outcome.kind !== 'completed') return outcome.kind;
  switch (outcome.error?.code) {
    case undefined:
      return 'fine';
    case 'js/memory':
      return 'memory';
    case 'js/stack':
      return 'stack';
    case 'js/too-many-timers':
      return 'timers';
    default:
      return `${outcome.error?.title}: ${outcome.error?.message}`;
  }
}

const killerOf = (ending: Ending, code: string): Killer => ({
  code,
  // Only what ends by time is given little of it: a busy machine is slow, and each must end by what it is.
  limits: ending === 'time' ? JAVASCRIPT_LIMITS : LONG_LIMITS,
  check({ outcome, isAlive, notices }) {
    expect(endingOf(outcome)).toBe(ending);
    // A worker whose browser's stack ended before the engine's own is thrown away after a run that completed.
    const isSaid = 'sessionLost' in outcome ? outcome.sessionLost : notices.includes(VARIABLES_GONE);
    expect(isSaid).toBe(!isAlive);
  },
});

export const javascriptKillers: KillerSet = {
  language: 'javascript',
  killers: KILLERS.map(([title, ending, code]) => [`${title}: ${ending}`, killerOf(ending, code)]),
  next: { code: '6 * 7', result: '42', limits: LONG_LIMITS },
};
