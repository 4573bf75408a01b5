// SPDX-License-Identifier: GPL-3.0-or-later
// The memory that a stretch of work needs: the kernel's own peak is the whole process's since its start and
// never goes down, so a stretch is watched from a thread beside it.
#pragma once

#include <atomic>
#include <thread>

namespace culprit::engine {

/// The process's resident set now, in MB (10⁶ bytes); 0 where the system does not say.
double residentMb();

/// Watches from construction on, a look every five milliseconds: a shorter peak may be missed.
class ResidentPeak {
public:
    ResidentPeak();

    /// The largest resident set so far, in MB.
    double megabytes();

private:
    void look();

    std::atomic<double> m_peak = 0.0;
    std::jthread m_watch; ///< Last: stopped before what it writes to goes.
};

} // namespace culprit::engine
