#!/bin/bash
# Runs inside the build root: makes the file system $1/out/pack.ext4 of the packages in $1/tree, the same bytes for the same packages. What
# is below /usr there is at the top of it. patchelf is $1/patchelf/usr/bin/patchelf.
set -eu
export PATH=/usr/sbin:/usr/bin LC_ALL=C E2FSPROGS_FAKE_TIME=1767225600
umask 022
work=$1
lib=lib/i386-linux-gnu
cd "$work/tree/usr"

# What no guest needs, and what its 256 MB of memory are too small for.
rm -rf share/{man,info,locale,lintian,bug,bash-completion,gcc,gdb,ucf} lib/gcc/i686-linux-gnu/12/{plugin,lto1,include/sanitizer}
rm -f $lib/lib{asan,ubsan,cc1,gprofng}.so* lib/gcc/i686-linux-gnu/12/lib{asan,ubsan}* lib/gcc/i686-linux-gnu/12/libasan_preinit.o
rm -rf $lib/gprofng lib/{gprofng,gold-ld,compat-ld} bin/{gprofng,gp-*,*-gprofng,*-gp-*,*dwp,*gold,*lto-dump*,i586-*}
rm -f lib/gcc/i686-linux-gnu/12/libcc1.so
find share/doc -type f ! -name copyright -delete
find share/doc -type d -empty -delete

# What Debian's scripts would have linked, and where gcc looks for its assembler when PATH is another.
for pair in gcc:cc g++:c++; do [ ! -e "bin/${pair%:*}" ] || ln -s "${pair%:*}" "bin/${pair#*:}"; done
if [ -e bin/i686-linux-gnu-as ]; then
  mkdir -p i686-linux-gnu/bin
  for name in as ld nm strip; do ln -s "../../bin/$name" "i686-linux-gnu/bin/$name"; done
fi

# A link to what is not in the pack leads to the image, which has it.
find . -type l | sort | while read -r link; do
  target=$(readlink "$link")
  case $target in
    /usr/*) [ ! -e "./${target#/usr/}" ] || ln -sfn "$(realpath --no-symlinks --relative-to="$(dirname "$link")" "./${target#/usr/}")" "$link" ;;
    /*) ;;
    *) [ -e "$link" ] || ln -sfn "/usr/$(realpath --no-symlinks --canonicalize-missing --relative-to=. "$(dirname "$link")/$target")" "$link" ;;
  esac
done

# Programs find the pack's libraries by themselves: no variable has to be set that others would inherit.
find . -path ./include -prune -o -path ./share -prune -o -type f -print | sort | while read -r file; do
  [ "$(head -c 4 "$file" | tr -d '\0')" = $'\x7fELF' ] || continue
  needed=$("$work/patchelf/usr/bin/patchelf" --print-needed "$file" 2> /dev/null) || continue
  for name in $needed; do
    [ -e "$lib/$name" ] || continue
    "$work/patchelf/usr/bin/patchelf" --set-rpath "\$ORIGIN/$(realpath --relative-to="$(dirname "$file")" "$lib")" "$file"
    break
  done
done

# Written in one order, by names: a folder of the machine that builds has another order each time.
used=$(du --summarize --block-size=1M --apparent-size . | cut -f1)
count=$(find . | wc -l)
mke2fs -q -t ext4 -O ^has_journal,^metadata_csum,^64bit,^resize_inode,^dir_index -b 4096 -m 0 -N "$((count + 64))" \
  -U 00000000-0000-0000-0000-000000000002 -L tools \
  -E lazy_itable_init=0,root_owner=0:0,hash_seed=00000000-0000-0000-0000-000000000002 \
  "$work/out/pack.ext4" "$((used * 103 / 100 + count / 128 + 8))M"
find . -mindepth 1 -printf '%y\t%P\t%l\n' | sort -t "$(printf '\t')" -k2 > "$work/files"
while IFS=$(printf '\t') read -r kind path target; do
  case $path$target in *[\ \"]*) echo "a name that debugfs cannot read: $path" >&2; exit 1 ;; esac
  folder=/$(dirname "$path") name=$(basename "$path")
  echo "cd ${folder%/.}/"
  case $kind in
    d) echo "mkdir $name" ;;
    f) echo "write $PWD/$path $name" ;;
    l) echo "symlink $name $target" ;;
    *) echo "what is $path?" >&2; exit 1 ;;
  esac
done < "$work/files" > "$work/commands"
debugfs -w -f "$work/commands" "$work/out/pack.ext4" > "$work/debugfs.log" 2>&1
# It ends well whatever failed, and says what did.
! grep -vE '^(debugfs|Allocated inode)' "$work/debugfs.log" >&2
e2fsck -fn "$work/out/pack.ext4" > "$work/fsck.log" 2>&1 || { cat "$work/fsck.log" >&2; exit 1; }
