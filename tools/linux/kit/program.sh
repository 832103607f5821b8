#!/bin/bash
# Runs inside the build root: compiles the C files of $1/source into one static program for i386, $1/out/program.
set -eu
export PATH=/usr/bin HOME=/tmp LC_ALL=C
cd "$1/source"
gcc -m32 -Os -static -Wall -Wno-unused-result -o "$1/out/program" ./*.c
strip "$1/out/program"
