#!/bin/bash
# Runs inside the build root: makes the file system $1/out/disk.ext4 of the tree $1/rootfs. No journal: a machine that
# stops is restored from its state, never mounted again.
set -eu
export PATH=/usr/sbin:/usr/bin LC_ALL=C E2FSPROGS_FAKE_TIME=1767225600
work=$1
# What the packages' scripts made is as old as every other time; the packages' own files keep theirs, which Python compares.
find "$work/rootfs" -newer "$work/began" -exec touch --no-dereference --date=@1767225600 {} +
# What is free is what a machine may write: its blocks lie in the memory of the page that runs it.
used=$(du --summarize --block-size=1M "$work/rootfs" | cut -f1)
mke2fs -q -t ext4 -O ^has_journal,^metadata_csum,^64bit -b 4096 -m 0  -i 8192 \
  -U 00000000-0000-0000-0000-000000000001 \
  -E lazy_itable_init=0,root_owner=0:0,hash_seed=00000000-0000-0000-0000-000000000001 \
  -d "$work/rootfs" "$work/out/disk.ext4" "$((used * 108 / 100 + 272))M"
