#!/bin/bash
# Runs inside the build root: makes /w/bzImage of /usr/src/linux-source-6.1.tar.xz and /w/kit/kernel.config. Who built it
# and when is pinned, so that the same source gives the same bytes.
set -eu
export PATH=/usr/sbin:/usr/bin HOME=/tmp LC_ALL=C
export KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 2026' KBUILD_BUILD_USER=companion KBUILD_BUILD_HOST=companion KBUILD_BUILD_VERSION=1
work=$1
cd "$work"
tar xf source.tar.xz --strip-components=1 --one-top-level=linux
cd linux
make ARCH=i386 tinyconfig > ../kernel.log
scripts/kconfig/merge_config.sh -m .config "$work/kit/kernel.config" >> ../kernel.log
make ARCH=i386 olddefconfig >> ../kernel.log
# What a new source may silently drop.
for option in 9P_FS NET_9P_VIRTIO VIRTIO_CONSOLE EXT4_FS COMPAT_32BIT_TIME ATA_PIIX MEMCG CGROUP_PIDS UNIX98_PTYS; do
  grep -q "^CONFIG_$option=y" .config || { echo "the kernel's configuration has lost $option" >&2; exit 1; }
done
make ARCH=i386 -j"$(nproc)" bzImage >> ../kernel.log
cp arch/x86/boot/bzImage "$work/out/bzImage"
cp .config "$work/out/config"
