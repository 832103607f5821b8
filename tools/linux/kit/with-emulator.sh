#!/bin/sh
# Runs script $3 inside the tree $2 whose programs are of i386, by the emulator $1. The kernel starts the emulator for each
# of them (binfmt_misc), here in a mount namespace of its own and only until the script has ended.
set -eu
emulator=$1 root=$2 script=$3
formats=/proc/sys/fs/binfmt_misc
entry=$formats/companion-i386
[ -e "$formats/register" ] || mount -t binfmt_misc binfmt_misc "$formats"
# Left over by a build that was killed: it may name an emulator that is gone.
[ ! -e "$entry" ] || echo -1 > "$entry"
trap 'echo -1 > "$entry"' EXIT
trap 'exit 1' HUP INT TERM
# The begin of an ELF file, 32 bits, little-endian, a program (2 or 3), for i386 (3). F: opened now, as the tree has no emulator.
printf '%s' ":companion-i386:M::\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x03\\x00:\\xff\\xff\\xff\\xff\\xff\\xfe\\xfe\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:$emulator:F" > "$formats/register"
chroot "$root" /usr/bin/env -i /bin/sh "$script"
