// SPDX-License-Identifier: GPL-3.0-or-later
// Progress for people: a bar with rate and remaining time on a terminal, a line a phase elsewhere. The job's
// thread notes where it is as often as it likes; the main thread draws a few times a second.
#pragma once

#include "base/monitor.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace culprit::cli {

/// Where a job is. Written by its thread, read by the one that draws.
class ProgressBoard {
public:
    using Clock = std::chrono::steady_clock;

    struct Reading {
        std::vector<std::pair<std::string, Clock::time_point>> begun; ///< Phases, since the last reading.
        std::string phase;                                            ///< Empty before the first.
        std::int64_t done = 0;
        std::int64_t total = 0;
        Clock::time_point since; ///< When this pass of the phase began.
        std::int64_t doneThen = 0;
    };

    void note(const Progress& progress);
    Reading read();

private:
    std::mutex m_mutex;
    Reading m_reading;
};

class ProgressView {
public:
    virtual ~ProgressView() = default;
    virtual void show(const ProgressBoard::Reading& reading) = 0;

    /// Takes away what would stand in the way of other text.
    virtual void clear() {}
};

/// On standard error: a bar where it is a terminal, else lines; nothing where `quiet`.
std::unique_ptr<ProgressView> makeProgressView(bool quiet);

/// "training  ███████░░░  62 %  1234/s  0:12 left", at most `width` columns. The remaining time is given
/// after five seconds, when it can be trusted.
std::string progressLine(const ProgressBoard::Reading& reading, ProgressBoard::Clock::time_point now,
                         int width);

} // namespace culprit::cli
