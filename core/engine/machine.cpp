// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/machine.h"

#include "data/io/decode_image.h"
#include "model/torch_compat.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string_view>
#include <sys/resource.h>
#include <thread>

namespace culprit::engine {

namespace {

constexpr int repetitions = 5;

double bestSeconds(const std::function<void()>& work)
{
    double best = 1e9;
    work();
    for (int i = 0; i < repetitions; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

double matrixGflops()
{
    constexpr std::int64_t n = 1024;
    const at::Tensor a = at::ones({n, n});
    const at::Tensor b = at::ones({n, n});
    return 2.0 * n * n * n / bestSeconds([&] { (void)a.mm(b); }) / 1e9;
}

double convolutionGflops()
{
    constexpr std::int64_t images = 64;
    constexpr std::int64_t channels = 32;
    constexpr std::int64_t side = 14;
    constexpr std::int64_t kernel = 5;
    const at::Tensor x = at::ones({images, channels, side, side});
    const at::Tensor w = at::ones({channels, channels, kernel, kernel});
    const double operations = 2.0 * images * channels * channels * side * side * kernel * kernel;
    return operations / bestSeconds([&] { (void)at::conv2d(x, w, {}, 1, 2); }) / 1e9;
}

/// The file that the running process resolves the matrix product to; alternatives are links, so follow them.
std::string blasLibrary()
{
    void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
    Dl_info info{};
    if (!symbol || dladdr(symbol, &info) == 0 || !info.dli_fname)
        return "built into LibTorch";
    std::error_code code;
    const auto real = std::filesystem::canonical(info.dli_fname, code);
    return code ? std::string(info.dli_fname) : real.string();
}

bool isOptimised(const std::string& blas)
{
    return blas.find("openblas") != std::string::npos || blas.find("mkl") != std::string::npos ||
           blas.find("blis") != std::string::npos || blas.find("built into") != std::string::npos;
}

std::string processorName()
{
    std::ifstream cpuinfo("/proc/cpuinfo");
    for (std::string line; std::getline(cpuinfo, line);)
        if (line.starts_with("model name") && line.find(": ") != std::string::npos)
            return line.substr(line.find(": ") + 2);
    return "unknown";
}

/// Asked of the driver, which a LibTorch with CUDA has in the process: LibTorch's own answer needs CUDA's
/// headers.
std::string cardName(int ordinal)
{
    const std::unique_ptr<void, int (*)(void*)> driver(
        ::dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL),
        [](void* handle) { return handle ? ::dlclose(handle) : 0; });
    if (!driver)
        return "unknown";
    const auto start = reinterpret_cast<int (*)(unsigned)>(::dlsym(driver.get(), "cuInit"));
    const auto find = reinterpret_cast<int (*)(int*, int)>(::dlsym(driver.get(), "cuDeviceGet"));
    const auto name = reinterpret_cast<int (*)(char*, int, int)>(::dlsym(driver.get(), "cuDeviceGetName"));
    int card = 0;
    char text[256] = {};
    const bool known = start && find && name && start(0) == 0 && find(&card, ordinal) == 0 &&
                       name(text, static_cast<int>(sizeof text), card) == 0;
    return known ? text : "unknown";
}

std::vector<std::string> deviceNames()
{
    std::vector<std::string> names = {"cpu"};
    if (!at::hasCUDA())
        return names;
    for (std::size_t i = 0; i < at::getNumGPUs(); ++i)
        names.push_back("cuda:" + std::to_string(i));
    return names;
}

} // namespace

Machine examineMachine(int threads)
{
    at::NoGradGuard noGrad;
    Machine machine;
    machine.processors = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    machine.threads = threads > 0 ? threads : machine.processors;
    at::set_num_threads(machine.threads);
    machine.libtorch = TORCH_VERSION;
    machine.blas = blasLibrary();
    machine.optimisedBlas = isOptimised(machine.blas);
    machine.matrixGflops = matrixGflops();
    machine.convolutionGflops = convolutionGflops();
    machine.devices = deviceNames();
    if (data::imageDecoderPresent())
        machine.codecs = {"png", "jpeg", "bmp", "webp"};
    return machine;
}

std::string deviceName(const std::string& device)
{
    constexpr std::string_view cuda = "cuda:";
    return device.starts_with(cuda) ? cardName(std::atoi(device.c_str() + cuda.size())) : processorName();
}

double peakRssMb()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024.0 / 1e6;
}

} // namespace culprit::engine
