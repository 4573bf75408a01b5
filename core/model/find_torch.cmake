# SPDX-License-Identifier: GPL-3.0-or-later
# LibTorch as one target, with its headers treated as system headers: theirs do not pass our warnings.
# CULPRIT_TORCH names a folder with its lib/ and include/, such as the `torch` of an installed PyTorch. Its own CMake
# files are not asked then: where it was built with CUDA they want the whole CUDA toolkit, which running it does not.
set(CULPRIT_TORCH "" CACHE PATH "Folder with a LibTorch's lib/ and include/; empty: what find_package finds")
add_library(culprit_torch INTERFACE)

function(culprit_find_torch)
    find_package(Torch REQUIRED GLOBAL) # tests link it too
    target_include_directories(culprit_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
    target_link_libraries(culprit_torch INTERFACE ${TORCH_LIBRARIES})
    set(culprit_torch_abi "${TORCH_CXX_FLAGS}" PARENT_SCOPE)
endfunction()

function(culprit_take_torch folder)
    foreach(name torch torch_cpu c10)
        find_library(culprit_lib${name} ${name} PATHS ${folder}/lib ${folder}/lib/${CMAKE_LIBRARY_ARCHITECTURE}
                     REQUIRED NO_DEFAULT_PATH NO_CACHE)
        target_link_libraries(culprit_torch INTERFACE ${culprit_lib${name}})
    endforeach()
    # What is found at run time: libtorch_cuda registers itself, so nothing refers to it; its own libraries lie elsewhere.
    find_library(culprit_libtorch_cuda torch_cuda PATHS ${folder}/lib NO_DEFAULT_PATH NO_CACHE)
    if(culprit_libtorch_cuda)
        target_link_libraries(culprit_torch INTERFACE
            "-Wl,--no-as-needed,\"${culprit_libtorch_cuda}\" -Wl,--as-needed,--allow-shlib-undefined")
    endif()
    target_include_directories(culprit_torch SYSTEM INTERFACE ${folder}/include ${folder}/include/torch/csrc/api/include)
    file(GLOB configuration ${folder}/share/cmake/Torch/TorchConfig.cmake ${folder}/lib/*/cmake/Torch/TorchConfig.cmake)
    if(configuration)
        file(STRINGS "${configuration}" abi REGEX _GLIBCXX_USE_CXX11_ABI)
    endif()
    set(culprit_torch_abi "${abi}" PARENT_SCOPE)
    message(STATUS "LibTorch: ${culprit_libtorch}")
endfunction()

if(CULPRIT_TORCH)
    culprit_take_torch("${CULPRIT_TORCH}")
else()
    culprit_find_torch()
endif()

# Older packages of PyTorch have the std::string from before C++11; a program can have only one.
if(culprit_torch_abi MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
    target_compile_definitions(culprit_options INTERFACE _GLIBCXX_USE_CXX11_ABI=0)
endif()
