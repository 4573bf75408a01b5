#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds with warnings as errors and runs every test; arguments go to ctest.
#   packaging/test.sh [-L unit …]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash packaging/setup.sh --with-tests
bash packaging/build.sh dev
# What measures is run by hand: on a busy machine it would fail for no fault of the code.
ctest --preset dev --parallel "$(nproc)" --label-exclude slow "$@"
