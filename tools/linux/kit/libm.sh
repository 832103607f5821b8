#!/bin/bash
# Runs inside the build root: makes $1/out/libm.so.6 of $1/source.tar.xz, Debian's own source of the C library, for processors whose x87
# calculates with 53 bits. What glibc has for i386 in x87 code goes, but for long double and for what is exact in any precision, so that
# its plain C is compiled in place of it: what x86-64 runs, by instructions of SSE2.
set -eu
export PATH=/usr/sbin:/usr/bin HOME=/tmp LC_ALL=C
work=$1
cd "$work"
tar xf source.tar.xz --strip-components=1 --one-top-level=glibc
cd glibc/sysdeps/i386
for file in fpu/e_* fpu/s_* fpu/w_* fpu/mp*.c fpu/doasin.c fpu/math_err.c i686/fpu/e_* i686/fpu/s_*; do
  name=${file##*/}
  case ${name%.*} in
    *l | s_f32x* | e_sqrt* | w_sqrt* | s_ceil* | s_floor* | s_trunc* | s_rint* | s_nearbyint* | s_l*rint* | s_fm[ai][nx]* | s_finite* | s_fdim | s_nexttoward*) ;;
    *) rm "$file" ;;
  esac
done
# Those that choose by the processor between x87 and SSE2.
rm -r i686/fpu/multiarch
# configure asks for its version; of this library nothing is made by it.
mkdir "$work/tools"
printf '#!/bin/sh\necho Python 3.11.2\n[ "$1" = --version ]\n' > "$work/tools/python3"
chmod 755 "$work/tools/python3"
mkdir "$work/build"
cd "$work/build"
PYTHON_PROG=$work/tools/python3 ../glibc/configure --prefix=/usr --build=x86_64-linux-gnu --host=i686-linux-gnu --disable-werror \
  --disable-nscd --enable-stack-protector=strong CXX= CFLAGS='-O2 -g0' \
  CC='gcc -m32 -msse2 -mfpmath=sse -ffp-contract=off' > ../libm.log 2>&1
inside=(make -r -C ../glibc/math "objdir=$PWD" subdir=math ..=../)
# The headers that all of it is compiled with are made by the first.
"${inside[@]}" lib-noranlib >> ../libm.log 2>&1
"${inside[@]}" -j"$(nproc)" "$PWD/math/libm_pic.a" >> ../libm.log 2>&1
gcc -m32 -shared -nostdlib -Wl,-soname,libm.so.6,--version-script=libm.map,--hash-style=gnu,--build-id=none,-z,now,-z,relro,-z,defs \
  -o "$work/out/libm.so.6" -Wl,--whole-archive math/libm_pic.a -Wl,--no-whole-archive -lgcc /usr/lib32/libc_nonshared.a \
  /usr/lib32/libc.so.6 -Wl,--as-needed /usr/lib32/ld-linux.so.2
strip "$work/out/libm.so.6"
# Whoever was linked with Debian's finds all of it here.
names() { nm -D --with-symbol-versions --defined-only "$1" | sed 's/.* //' | sort > "$2"; }
names /usr/lib32/libm.so.6 "$work/debians"
names "$work/out/libm.so.6" "$work/own"
diff "$work/debians" "$work/own"
