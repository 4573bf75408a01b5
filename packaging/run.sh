#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh checkout to the demo: installs what is missing, builds, and opens the window on the demo where there is a
# display. Without one, or with arguments, it runs `culprit-cli demo` with them.   packaging/run.sh [--out DIR …]
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

bash "$top/packaging/setup.sh"
bash "$top/packaging/build.sh" release --target culprit-cli culprit >&2
if [ $# -eq 0 ] && [ -n "${WAYLAND_DISPLAY-}${DISPLAY-}" ]; then
    exec "$top/build/release/bin/culprit" --demo
fi
exec "$top/build/release/bin/culprit-cli" demo "$@"
