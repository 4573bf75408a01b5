#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From a fresh checkout to the demo: installs what is missing, builds, and runs `culprit-cli demo` with the arguments
# given here.   packaging/run.sh [--out DIR …]
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

bash "$top/packaging/setup.sh"
bash "$top/packaging/build.sh" release --target culprit-cli >&2
exec "$top/build/release/bin/culprit-cli" demo "$@"
