const set = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/**
 * Commands of a shell that run unasked: what people use every day for files, texts, archives, numbers and code of their own.
 * The box is the wall and there is no network in it, so the list is long; what is not on it is asked about.
 */
const GROUPS = {
  builtins:
    ': [ [[ break caller cd continue declare dirs disown echo exit export false fg bg getopts hash help history jobs let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt suspend test times true type typeset ulimit umask unalias unset wait',
  // Debian 12: dpkg -L coreutils
  coreutils:
    'arch b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut date dd df dir dircolors dirname du expand expr factor fmt fold groups head hostid hostname id install join link ln logname ls md5sum mkdir mkfifo mktemp mv nl nproc numfmt od paste pathchk pinky pr printenv ptx readlink realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stty sum sync tac tail tee touch tr truncate tsort tty uname unexpand uniq unlink uptime users vdir wc who whoami yes',
  texts:
    'awk gawk mawk sed grep egrep fgrep rg diff diff3 cmp sdiff patch column col colrm rev hexdump hd xxd strings iconv file find locate which whereis tree less more look tput clear reset jq yq xmllint envsubst getopt bc dc cal ncal dos2unix unix2dos',
  archives:
    'tar gzip gunzip zcat zgrep zless zmore zdiff bzip2 bunzip2 bzcat xz unxz xzcat lzma unlzma zstd unzstd zstdcat zip unzip zipinfo cpio ar rar unrar 7z 7za lz4',
  code: 'git python python3 perl lua node ruby php gcc cc g++ c++ tcc ld as objdump nm readelf size strip sqlite3 openssl gpg sha3sum uuidgen',
  machine:
    'ps top free vmstat kill killall pkill pgrep pidof lsof lsblk lscpu dmesg ip ifconfig ss netstat getent getconf locale tzselect blkid findmnt mountpoint fuser',
  // without a network they only say so; hosts are allowed elsewhere
  network: 'curl wget ping dig nslookup host',
} as const;

export const LISTED: ReadonlySet<string> = new Set(Object.values(GROUPS).flatMap((names) => [...set(names)]));

/** Folders of the system: a program that is named with one is the program of that name. */
export const SYSTEM_FOLDERS = set('/bin /sbin /usr/bin /usr/sbin /usr/local/bin');

export const SHELLS = set('sh bash dash ash zsh ksh mksh rbash fish');

/** Programs that run code of another language, which is not read here: calls for Python start unread as well. */
export const INTERPRETERS = set('python python3 perl lua node ruby php');

export const DOWNLOADERS = set('curl wget fetch aria2c');

/** How a program that starts another one says so. What is not written here cannot be told apart, and is asked about. */
export interface Starter {
  /** Options that stand alone. */
  readonly alone?: readonly string[];
  /** Options with a word of their own. */
  readonly taking?: readonly string[];
  /** Words before the command: the duration of `timeout`. */
  readonly skips?: number;
}

export const STARTERS: Readonly<Record<string, Starter>> = {
  sudo: { alone: ['-n', '-E', '-H', '-S', '-k', '-b'], taking: ['-u', '-g', '-h', '-p'] },
  doas: { alone: ['-n'], taking: ['-u'] },
  env: {
    alone: ['-i', '-', '-0', '--ignore-environment'],
    taking: ['-u', '-C', '-S', '--unset', '--chdir', '--split-string'],
  },
  nohup: {},
  time: { alone: ['-p', '-v'], taking: ['-o', '-f'] },
  nice: { taking: ['-n', '--adjustment'] },
  ionice: { alone: ['-t'], taking: ['-c', '-n'] },
  timeout: {
    alone: ['--foreground', '--preserve-status', '-v', '--verbose'],
    taking: ['-s', '-k', '--signal', '--kill-after'],
    skips: 1,
  },
  exec: { alone: ['-c', '-l'], taking: ['-a'] },
  command: { alone: ['-p'] },
  builtin: {},
  setsid: { alone: ['-f', '-w', '-c', '--fork', '--wait'] },
  stdbuf: { taking: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  busybox: {},
  xargs: {
    alone: ['-0', '-r', '-t', '-p', '-x', '--null', '--no-run-if-empty', '--verbose'],
    taking: [
      '-I',
      '-n',
      '-P',
      '-L',
      '-d',
      '-s',
      '-E',
      '-a',
      '--max-args',
      '--max-procs',
      '--max-lines',
      '--delimiter',
      '--arg-file',
    ],
  },
  watch: { alone: ['-d', '-t', '-g', '-e', '-b', '-c', '-x'], taking: ['-n', '--interval'] },
  flock: { alone: ['-n', '-x', '-s', '-e', '-u', '--nonblock'], taking: ['-w', '-E', '--timeout'], skips: 1 },
};

/** Options whose word is itself code for a shell. `=` joins the two of a long one. */
export const CODE_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  tar: [
    '-I',
    '--use-compress-program',
    '--to-command',
    '-F',
    '--info-script',
    '--new-volume-script',
    '--rsh-command',
    '--rmt-command',
  ],
  sort: ['--compress-program'],
  split: ['--filter'],
  zip: ['-TT', '--unzip-command'],
  rg: ['--pre'],
  env: ['-S', '--split-string'],
  flock: ['-c', '--command'],
};

/** Words by which a listed command starts other programs, or changes which one a name stands for. */
export const ASKED_WORDS: Readonly<Record<string, RegExp>> = {
  awk: /\bsystem\s*\(|\|&?\s*(?:getline|")|"\s*\|/u,
  sed: /(?:^|[;{}\n])\s*(?:\d+|\$|\/[^/]*\/)?\s*e(?:\s|$)|s([/|,#@!])(?:\\.|(?!\1)[^\\])*\1(?:\\.|(?!\1)[^\\])*\1[gpimIM0-9]*e/u,
  tar: /^--checkpoint-action/u,
  hash: /^-\w*p/u,
  mapfile: /^-\w*C/u,
  sqlite3: /(?:^|\s)\.(?:shell|system|load)\b|\b(?:edit|load_extension)\s*\(/u,
  python: /^-m(?:pip|ensurepip)$|^(?:pip|ensurepip)$/u,
};
/** Words of git that start other programs: its own commands, and settings that hold one. */
export const GIT_STARTING = set(
  'filter-branch bisect difftool mergetool instaweb send-email foreach daemon p4 svn cvsimport upload-pack receive-pack',
);
export const GIT_SETTINGS =
  /^(?:alias\.|.*(?:pager|editor|command|hookspath|askpass|program|textconv|external|driver|cmd|helper|fsmonitor|template(?:dir)?)(?:=|$)|pager\.|include)/iu;
export const GIT_OPTIONS = /^(?:--exec|--upload-pack|--receive-pack|-x|-O|--open-files-in-pager|--ext-diff)/u;

/** The same program under other names. */
export const SAME: Readonly<Record<string, string>> = {
  gawk: 'awk',
  mawk: 'awk',
  readarray: 'mapfile',
  python3: 'python',
};

/** Variables that change which code the commands run. */
export const CODE_CHANGING = set(
  'LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH BASH_ENV ENV SHELLOPTS BASHOPTS PERL5OPT GCONV_PATH',
);
/** Variables that hold a command. */
export const COMMAND_VARIABLES = set(
  'PAGER MANPAGER GIT_PAGER EDITOR VISUAL GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS SSH_ASKPASS GIT_EXTERNAL_DIFF GIT_PROXY_COMMAND PROMPT_COMMAND LESSOPEN LESSCLOSE',
);
/** Variables whose text is worked out each time that it is shown. */
export const PROMPTS = set('PS0 PS1 PS2 PS4');
