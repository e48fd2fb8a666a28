#!/bin/sh
# OpenCV's wheel needs libGL and GLib of the system, which bare servers lack: install them where
# we may (Debian, root), else say plainly what to ask for. Argument: the venv's python.
set -eu
missing() {
    "$1" - <<'PY'
import ctypes, sys
names = ("libGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0")
absent = []
for name in names:
    try:
        ctypes.CDLL(name)
    except OSError:
        absent.append(name)
print(" ".join(absent))
PY
}
[ "$(uname -s)" = Linux ] || exit 0
absent=$(missing "$1")
[ -z "$absent" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends libgl1 libglib2.0-0 >/dev/null
    absent=$(missing "$1")
    [ -z "$absent" ] && exit 0
fi
echo "系统缺少 $absent，请管理员安装: apt-get install libgl1 libglib2.0-0" >&2
echo "the system lacks $absent; ask an administrator for: apt-get install libgl1 libglib2.0-0" >&2
exit 1
