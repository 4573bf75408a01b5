#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints how many compilers this machine has cores and memory for.   packaging/jobs.sh
set -euo pipefail

# A file that includes LibTorch takes up to 1.5 GiB to compile.
cores=$(nproc)
memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo)
jobs=$((memory < cores ? memory : cores))
echo $((jobs > 1 ? jobs : 1))
