import { expect, test } from 'vitest';
import { leavesNothing } from './leaves-nothing.ts';

test.each([
  'true',
  'ls -la /mnt/data',
  'ls|head -n 3 ; pwd',
  '# what is there\nls *.csv\n\npython3 work.py --out=a.png\n',
  'echo "it is $HOME/${name}: 50%" >>notes.txt 2>&1',
  `python3 -c 'import os; print(os.getcwd())'`,
  'git add . && git commit -qm "two words" || echo failed >&2',
  './run.sh a=1 b+=2',
  'echo cd; cat <in.txt &>/dev/null',
  'sourcery; cdparanoia',
])('%j leaves nothing', (code) => {
  expect(leavesNothing(code)).toBe(true);
});

test.each([
  '',
  '# nothing',
  'cd /tmp',
  'true; cd /tmp',
  'ls && cd /tmp',
  'ls | read x',
  '. ./setup.sh',
  'source setup.sh',
  'a=1',
  'a+=1',
  'a[0]=1',
  'a=1 ls',
  'f() { ls; }',
  'f () { ls; }',
  'ls &',
  'ls & true',
  'exec ls',
  'exec >out.txt',
  'ls 3>out.txt',
  'ls {fd}>out.txt',
  'echo $(cd /)',
  'echo `cd /`',
  'echo "$(cd /)"',
  'echo ${a:=1}',
  'echo "${a:=1}"',
  'echo $((a = 1))',
  'echo $[a=1]',
  'cat <(ls)',
  'cat <<END\nEND',
  'if true; then ls; fi',
  'time ls',
  '! ls',
  '{ ls; }',
  '(ls)',
  '[[ a ]]',
  'c\\d /tmp',
  `c'd' /tmp`,
  `'cd' /tmp`,
  '$command /tmp',
  'ls\\\ncd /tmp',
  'printf a',
  'printf -v a 1',
  'printf >/dev/null -v a 1',
  `printf 'abc%n' a`,
  `test -v 'a[b=1]'`,
  'companion_x',
  'ls "\0"',
  'ls \0',
  `'\0'cd /tmp`,
  'printf "-v" a 1',
  `printf ''-v a 1`,
  'printf $a b',
  'printf "$a" b',
  'builtin cd /tmp',
  'command cd /tmp',
  'ls "a',
  'ls;;',
  'ls ||',
  `echo ${'a'.repeat(4_000)}`,
])('%j may', (code) => {
  expect(leavesNothing(code)).toBe(false);
});

test('it is told in no time of words that are almost of the form', () => {
  for (const piece of ['a ', "a'b'", 'a;', '$a ', '"$a" ', '# \n', ' > a'])
    expect(leavesNothing(`a ${piece.repeat(3_990 / piece.length)}(`)).toBe(false);
});
