# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
# The Debian 12 packages that Culprit is made of: the one list, read by the scripts beside it.

# To build and run. libopenblas0-openmp: LibTorch's matrix product is some fifteen times slower on the reference BLAS.
buildPackages=(
    build-essential
    cmake
    ninja-build
    pkg-config
    libcli11-dev
    libexpected-dev
    libopenblas0-openmp
    libopencv-dev
    libpng-dev
    libqcustomplot-dev
    libseccomp-dev
    libsqlite3-dev
    libtorch-dev
    libxxhash-dev
    libzip-dev
    nettle-dev
    nlohmann-json3-dev
    qt6-base-dev
    qt6-svg-dev
    zlib1g-dev
)

# To test as well: fonts that make pictures the same everywhere, a reader for the PDFs that are saved, and a screen.
testPackages=(
    fonts-dejavu-core
    poppler-utils
    xauth
    xvfb
)
