#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the engine against a LibTorch with CUDA, compares what the graphics card computes with what the CPU does, and
# prints a table of times. Needs neither Qt, OpenCV nor the CUDA toolkit; CMAKE_PREFIX_PATH may name where small
# libraries lie that the system lacks.
#   packaging/gpu_check.sh [PREFIX] [--device cuda:N|cpu] [--data DIR …]
# PREFIX: a LibTorch, with lib/ and include/; default: that of python3's torch. Without --data the demo set is compared;
# all options go to `culprit-cli benchmark --suite devices`.
# Exit status: 0 they agree, 77 no CUDA device here, anything else a miss or an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'gpu_check: %s\n' "$*" >&2; }

noDevice() {
    say "there is no CUDA device $device here, so nothing was compared${1:+: $1}"
    exit 77
}

torchFolder() {
    local prefix=$1
    if [ -z "$prefix" ]; then
        prefix=$(python3 -c 'import torch; print(torch.utils.cmake_prefix_path)') || {
            say "python3 has no torch; give the folder of a LibTorch: packaging/gpu_check.sh /opt/libtorch"
            exit 2
        }
    fi
    # What PyTorch calls its prefix is the folder of its CMake files.
    realpath -e -- "${prefix%/share/cmake}"
}

prefix=
case ${1-} in
    '' | -*) ;;
    *)
        prefix=$1
        shift
        ;;
esac

device=cuda:0
data=
options=("$@")
for ((i = 0; i < $#; ++i)); do
    case ${options[i]} in
        --device) device=${options[i + 1]-} ;;
        --device=*) device=${options[i]#*=} ;;
        --data | --data=*) data=given ;;
    esac
done

# The second is what a card looks like to a Linux inside Windows.
if [ "$device" != cpu ] && [ ! -e /dev/nvidiactl ] && [ ! -e /dev/dxg ]; then
    noDevice "the NVIDIA driver is not loaded"
fi

torch=$(torchFolder "$prefix")
build=build/gpu-check
say "building the engine against $torch"
cmake --preset engine-only -B "$build" -DCULPRIT_TORCH="$torch" >&2
cmake --build "$build" --parallel "$(bash packaging/jobs.sh)" --target culprit-cli >&2

engine=$build/bin/culprit-cli
"$engine" doctor --json | grep -qF "\"$device\"" || noDevice "LibTorch in $torch finds none"

[[ " $* " == *" --device"* ]] || options+=(--device "$device")
if [ -z "$data" ]; then
    # Only its data are wanted.
    "$engine" demo --device cpu --epochs 1 --quiet --out "$build/demo" >/dev/null
    options+=(--data "$build/demo/data")
fi
exec "$engine" benchmark --suite devices "${options[@]}"
