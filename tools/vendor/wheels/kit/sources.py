"""Unpacks upstream sources into /w/src/<name> and applies Debian's patches to them."""
import os
import subprocess
import sys

SOURCES = "/w/downloads"
TARGET = "/w/src"
# Patches of FreeType's documentation, which is another archive and not unpacked.
SKIPPED_PATCHES = {("freetype", "no-web-fonts.patch"), ("freetype", "hide-donations-information.patch")}


def unpack():
    """Files are named <source>__<file> by the caller."""
    for file in sorted(os.listdir(SOURCES)):
        source = file.partition("__")[0]
        folder = f"{TARGET}/{source}"
        os.makedirs(folder, exist_ok=True)
        strip = [] if ".debian.tar" in file else ["--strip-components=1"]
        subprocess.run(["tar", "-xf", f"{SOURCES}/{file}", "-C", folder, *strip, "--no-same-owner"], check=True)


def apply_patches(source):
    """Applies debian/patches/series; a patch that does not apply ends the build."""
    folder = f"{TARGET}/{source}"
    series = f"{folder}/debian/patches/series"
    if not os.path.exists(series):
        return
    applied = []
    with open(series) as lines:
        names = [line.split()[0] for line in lines if line.strip() and not line.startswith("#")]
    for name in names:
        if (source, name) in SKIPPED_PATCHES:
            continue
        done = subprocess.run(
            ["patch", "-p1", "--batch", "--forward", "-i", f"debian/patches/{name}"], cwd=folder, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{source}: Debian's {name} does not apply\n{done.stdout[-2000:]}{done.stderr[-500:]}")
        applied.append(name)
    print(f"{source}: {len(applied)} patches of Debian applied, {sum('CVE' in name for name in applied)} of them name a CVE", flush=True)


if __name__ == "__main__":
    unpack()
    for source in sorted(os.listdir(TARGET)):
        apply_patches(source)
