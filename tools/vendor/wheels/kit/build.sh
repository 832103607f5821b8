#!/bin/sh
# Runs inside the build root (chroot), after the caller has put downloads, headers' values and numpy into /w.
set -eu
cd /w
# The caller's environment names folders that do not exist here.
export PATH=/usr/bin:/bin HOME=/tmp LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/w/kit
mkdir -p include/zlib include/pybind11-root objects out dist
cp -r /usr/include/python3.13 include/
cp -r /usr/include/pybind11 include/pybind11-root/
cp /usr/include/zlib.h include/zlib/
find /usr/include -name zconf.h -exec cp {} include/zlib/ \;
python3 kit/pyconfig.py /usr/include/x86_64-linux-gnu/python3.13/pyconfig.h config-values.json include/python3.13/pyconfig.h
python3 kit/sources.py
python3 kit/patch_matplotlib.py
python3 kit/build_all.py
python3 kit/pack.py
