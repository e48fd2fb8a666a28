#!/bin/sh
# Makes the render environment .render-venv: Blender as a Python module, apart from the product's
# environment because bpy pins numpy < 2. Run from anywhere; running it again repairs it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
env="$root/.render-venv"
python="${PYTHON:-python3.11}" # bpy 4.5 exists for Python 3.11 only

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q
    apt-get install -y -q --no-install-recommends libxrender1 libxi6 libxkbcommon0 libsm6 libgl1 \
        libegl1 libxxf86vm1 libxfixes3 fonts-noto-cjk
else
    echo "not root or no apt-get: needs libXrender libXi libxkbcommon libSM libGL libEGL libXxf86vm" >&2
    echo "libXfixes and a Chinese font (Noto Sans CJK or WenQuanYi Zen Hei)" >&2
fi

[ -x "$env/bin/python" ] || "$python" -m venv "$env"
"$env/bin/pip" install -q "bpy==4.5.*"

# The scene code is imported as zoubian.datasets.city like everywhere else, without installing the
# product and its dependencies here.
mkdir -p "$env/project/zoubian"
ln -sfn ../../../datasets "$env/project/zoubian/datasets"
site=$("$env/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$env/project" >"$site/zoubian-city.pth"
"$env/bin/python" -c 'import bpy, zoubian.datasets.city; print("render environment ready: Blender", bpy.app.version_string)'
