#!/bin/bash
# Runs inside the build root: packs the tree $1/tree into $1/out/initrd.gz, the same bytes for the same tree.
set -eu
export PATH=/usr/sbin:/usr/bin LC_ALL=C
work=$1
cd "$work/tree"
find . -exec touch --no-dereference --date=@0 {} +
chown -R --no-dereference 0:0 .
chown 1000:1000 home/user
find . | sort | cpio --create --format=newc --quiet --reproducible | gzip -9n > "$work/out/initrd.gz"
