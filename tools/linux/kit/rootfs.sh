#!/bin/sh
# Runs inside the guest's own tree, whose packages were unpacked: has dpkg install them, so that their scripts run and
# dpkg knows them, then takes away what no guest needs. The packages lie in /packages.
set -eu
umask 022
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true
mkdir -p /var/lib/dpkg/info /var/lib/dpkg/updates /var/lib/dpkg/triggers
touch /var/lib/dpkg/status /var/lib/dpkg/available
cp /usr/share/base-passwd/passwd.master /etc/passwd
cp /usr/share/base-passwd/group.master /etc/group
[ -e /usr/bin/awk ] || ln -s gawk /usr/bin/awk
# Nothing may start or ask here.
printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
dpkg --force-depends --force-confnew --force-unsafe-io --install /packages/*.deb > /var/log/install.log 2>&1 || {
  tail -n 40 /var/log/install.log >&2
  exit 1
}
broken=$(dpkg-query --show --showformat '${db:Status-Abbrev} ${Package}\n' | grep -v '^ii' || true)
[ -z "$broken" ] || { echo "not installed: $broken" >&2; exit 1; }
rm -rf /packages /usr/sbin/policy-rc.d /var/log/* /var/cache/* /var/lib/apt/lists/* /var/lib/dpkg/*-old
# git and debconf need perl-base only; the rest of Perl is as large as Python.
rm -rf /usr/lib/i386-linux-gnu/perl /usr/lib/i386-linux-gnu/libperl* /usr/share/perl /usr/share/perl5/Git* /usr/share/gitweb
# Servers of git, and its ways over old protocols: two megabytes each.
for name in daemon http-backend http-fetch http-push imap-send shell; do rm -f "/usr/lib/git-core/git-$name"; done
rm -f /usr/bin/git-shell /usr/bin/scalar /usr/lib/git-core/scalar
# tcc links with shared libraries.
find /usr/lib/i386-linux-gnu -maxdepth 1 -name '*.a' ! -name 'libc_nonshared.a' -delete
rm -f /var/lib/dpkg/info/*.symbols /var/lib/dpkg/info/*.shlibs
# Time zones once more, by other clocks.
rm -rf /usr/share/zoneinfo/right /usr/share/zoneinfo/posix
rm -rf /usr/lib/python3.11/pydoc_data /usr/lib/python3.11/test /usr/lib/python3.11/idlelib /usr/lib/python3.11/lib2to3 /usr/lib/python3.11/turtledemo
find /usr/lib/i386-linux-gnu/gconv -type f ! -name 'UTF*' ! -name 'gconv-modules*' ! -name 'ISO8859-1.so' -delete
groupadd --gid 1000 user
useradd --uid 1000 --gid 1000 --create-home --shell /bin/bash user
passwd --lock root > /dev/null
echo sandbox > /etc/hostname
printf '127.0.0.1 localhost sandbox\n' > /etc/hosts
mkdir -p /mnt/data
ln -s /mnt/data /workspace
# As they are in git, whatever the umask was where it was cloned.
find /own -type d -exec chmod 755 {} +
find /own -type f -perm -100 -exec chmod 755 {} +
find /own -type f ! -perm -100 -exec chmod 644 {} +
cp -a --remove-destination /own/. /
rm -rf /own
# The authority of the guest's own proxy (companion_guest/gate.py), which ends TLS: trusted in this machine, and nowhere else.
cd /usr/local/lib/guest/tls
for name in authority host; do openssl ecparam -name prime256v1 -genkey -noout -out $name.key; done
openssl req -new -x509 -config openssl.cnf -extensions authority -key authority.key -subj "/CN=This machine's way out" -days 7300 -out authority.pem
cp authority.pem /usr/local/share/ca-certificates/companion.crt
update-ca-certificates > /dev/null
rm -f /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/machine-id /etc/resolv.conf
# Days since 1970 when a password was set.
sed -i -E 's/^([^:]*:[^:]*):[0-9]+:/\1:20454:/' /etc/shadow
