/** What programs of a real guest do in a mounted folder, one after another, and what they print. */
export const GUEST_CHECKS: readonly (readonly [name: string, command: string, prints: string])[] = [
  ['a file is made and appended to', 'echo a > f1; echo b >> f1; cat f1', 'a\nb\n'],
  [
    'two that append do not overwrite one another',
    'exec 3>>f1 4>>f1; echo c >&3; echo d >&4; exec 3>&- 4>&-; cat f1',
    'a\nb\nc\nd\n',
  ],
  ['a shorter file takes the place of a longer one', 'echo longer text > o; echo x > o; cat o', 'x\n'],
  ['folders are made and listed', 'mkdir -p d/e/g; echo 1 > d/e/g/h; ls -R d', 'd:\ne\n\nd/e:\ng\n\nd/e/g:\nh\n'],
  ['a file is renamed', 'mv f1 f2; cat f2; ls f1 2>/dev/null; echo $?', 'a\nb\nc\nd\n2\n'],
  ['a file is renamed over another', 'echo n > n1; echo m > n2; mv n1 n2; cat n2', 'n\n'],
  ['a folder is renamed with a file open in it', 'exec 3<d/e/g/h; mv d dd; cat <&3; cat dd/e/g/h', '1\n1\n'],
  ['files and folders are removed', 'rm n2; test -e n2; echo $?; rm -r dd; ls -d dd 2>/dev/null; echo $?', '1\n2\n'],
  ['a folder with something in it stays', 'mkdir -p q/r; rmdir q 2>&1 | grep -c "not empty"; rm -r q', '1\n'],
  [
    'a removed file lives on for who has it open',
    'echo keep > u; exec 3<>u; rm u; cat <&3; echo more >&3; exec 3>&-; ls u 2>/dev/null; echo $?',
    'keep\n2\n',
  ],
  [
    'attributes and modes',
    'printf 12345 > s; stat -c "%s %F %a" s; chmod 640 s; stat -c %a s; chmod +x s; test -x s && echo x',
    '5 regular file 644\n640\nx\n',
  ],
  ['owners', 'chown 1000:1000 s; stat -c %u:%g s', '1000:1000\n'],
  ['times', 'touch -d "2020-02-02 00:00:00 UTC" s; stat -c %Y s', '1580601600\n'],
  [
    'cutting and stretching',
    'truncate -s 3 s; cat s; echo; truncate -s 6 s; od -An -c s',
    '123\n   1   2   3  \\0  \\0  \\0\n',
  ],
  [
    'a hole is zeros',
    'printf A | dd of=sp bs=1 seek=10000 2>/dev/null; stat -c %s sp; od -An -c -j 9999 sp',
    '10001\n  \\0   A\n',
  ],
  ['links', 'ln -s s sl; readlink sl; cat sl | head -c 3; echo; ls -l sl | cut -c1; rm sl', 's\n123\nl\n'],
  ['a hard link is refused', 'ln s hl 2>&1 | grep -c "not permitted"', '1\n'],
  ['a pipe is refused', 'mkfifo ff 2>&1 | grep -c "not permitted"', '1\n'],
  [
    'attributes by name are refused',
    "python3 -c \"import os\ntry: os.setxattr('s','user.a',b'1')\nexcept OSError as e: print(e.errno)\"",
    '95\n',
  ],
  [
    'locks',
    "flock s echo locked; python3 -c \"import fcntl;f=open('s','r+');fcntl.lockf(f,fcntl.LOCK_EX);print('lockf')\"",
    'locked\nlockf\n',
  ],
  ['sync and df', 'sync; df -P . | tail -1 | awk "{print \\$6}"', '/mnt/data\n'],
  [
    'names of all kinds',
    'mkdir "a b ü"; echo z > "a b ü/日本 \'x\'.txt"; ls "a b ü"; cat "a b ü"/*',
    "日本 'x'.txt\nz\n",
  ],
  [
    'a thousand entries',
    'mkdir m; cd m; i=0; while [ $i -lt 1000 ]; do : > entry_with_a_longish_name_$i; i=$((i+1)); done; ls | wc -l; ls | sort -u | wc -l; cd ..; rm -r m',
    '1000\n1000\n',
  ],
  [
    'a file is mapped for reading',
    "python3 -c \"import mmap;f=open('s','rb');print(mmap.mmap(f.fileno(),0,prot=mmap.PROT_READ)[:3])\"",
    "b'123'\n",
  ],
  ['a script runs', 'printf "#!/bin/sh\\necho run\\n" > x.sh; chmod 755 x.sh; ./x.sh', 'run\n'],
  ['a program runs', 'cp /bin/echo own-echo; chmod 755 own-echo; ./own-echo bin', 'bin\n'],
  ['sqlite', 'sqlite3 t.db "create table t(a);insert into t values(7);select a from t"', '7\n'],
  [
    'tar',
    'mkdir t; for i in 1 2 3; do echo $i > t/$i; done; ln -s 1 t/l; tar czf t.tgz t; rm -r t; tar xzf t.tgz; cat t/*; tar tzf t.tgz | wc -l',
    '1\n2\n3\n1\n5\n',
  ],
  ['find sees all folders', 'mkdir -p w/a/b w/c; touch w/a/b/x w/c/y; find w -type f | sort', 'w/a/b/x\nw/c/y\n'],
  [
    'git',
    'mkdir g; cd g; git init -q -b main . && git config user.email a@b.c && git config user.name n && echo 1 > a && git add a && git commit -qm one && echo 2 >> a && git commit -qam two && git log --oneline | wc -l && git status --porcelain | wc -l && git fsck 2>&1 | grep -c error; git gc -q 2>&1; git log --oneline | wc -l; git clone -q . ../g2 && cat ../g2/a',
    '2\n0\n0\n2\n1\n2\n',
  ],
  [
    'ten megabytes by python',
    "python3 -c \"import os,hashlib;d=os.urandom(10<<20);open('big','wb').write(d);print(hashlib.md5(d).hexdigest()==hashlib.md5(open('big','rb').read()).hexdigest())\"; stat -c %s big",
    'True\n10485760\n',
  ],
];

/** What the mount must be quick at; each is timed as it stands. */
export const GUEST_BENCH: readonly (readonly [name: string, command: string])[] = [
  ['200 files written', 'mkdir sm; for i in {1..200}; do echo hello$i > sm/f$i; done'],
  ['200 files read', 'for i in {1..200}; do read x < sm/f$i; done'],
  ['200 files listed', 'ls -l sm | wc -l'],
  ['200 files in one process', 'cat sm/* | wc -c'],
  ['200 files removed', 'rm -r sm'],
  ['10 MB written, 256 kB a time', 'dd if=/dev/zero of=z bs=256k count=40 2>/dev/null'],
  ['10 MB read, 256 kB a time', 'dd if=z of=/dev/null bs=256k 2>/dev/null'],
  ['10 MB written, 4 kB a time', 'dd if=/dev/zero of=z bs=4k count=2560 2>/dev/null'],
  ['10 MB read as they lie', 'cat z > /dev/null; rm z'],
];
