// SPDX-License-Identifier: GPL-3.0-or-later
// What a long function is handed so that it can be stopped and watched. Poll `stopRequested` at least every
// 200 ms; report progress as often as is cheap, the receiver thins it out.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string_view>

namespace culprit {

struct Progress {
    std::string_view phase; ///< In the user's words, lower case: "training", "scoring training images".
    std::int64_t done = 0;  ///< Units of work finished, 0…total.
    std::int64_t total = 0; ///< 0 where it is not known.
};

struct Monitor {
    std::stop_token stop;
    std::function<void(const Progress&)> progress;

    bool stopRequested() const { return stop.stop_requested(); }

    void report(std::string_view phase, std::int64_t done, std::int64_t total) const
    {
        if (progress)
            progress(Progress{phase, done, total});
    }
};

} // namespace culprit
