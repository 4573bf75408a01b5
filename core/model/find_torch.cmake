# SPDX-License-Identifier: GPL-3.0-or-later
# LibTorch as one target with its headers treated as system headers: theirs do not pass our warnings. Debian's
# package sets no CUDA; one unpacked from elsewhere is found with -DTorch_DIR=….
find_package(Torch REQUIRED GLOBAL) # tests link it too
add_library(culprit_torch INTERFACE)
target_include_directories(culprit_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
target_link_libraries(culprit_torch INTERFACE ${TORCH_LIBRARIES})
separate_arguments(torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
target_compile_options(culprit_torch INTERFACE ${torch_flags})
