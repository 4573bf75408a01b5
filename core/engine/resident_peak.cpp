// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/resident_peak.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <unistd.h>

namespace culprit::engine {

namespace {

constexpr std::chrono::milliseconds pause{5};

} // namespace

double residentMb()
{
    std::ifstream file("/proc/self/statm");
    double total = 0.0;
    double resident = 0.0;
    file >> total >> resident;
    return file ? resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6 : 0.0;
}

ResidentPeak::ResidentPeak()
{
    look();
    m_watch = std::jthread([this](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any wake;
        std::unique_lock lock(mutex);
        while (!wake.wait_for(lock, stop, pause, [&] { return stop.stop_requested(); }))
            look();
    });
}

double ResidentPeak::megabytes()
{
    look();
    return m_peak;
}

void ResidentPeak::look()
{
    const double now = residentMb();
    double before = m_peak;
    while (before < now && !m_peak.compare_exchange_weak(before, now)) {
    }
}

} // namespace culprit::engine
