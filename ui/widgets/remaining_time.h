// SPDX-License-Identifier: GPL-3.0-or-later
// How long a job will still take: nothing in its first five seconds, nothing while its pace is unsteady, and
// rounded to what one can rely on.
#pragma once

#include <QString>

#include <cstdint>
#include <deque>
#include <optional>

namespace culprit::ui {

class RemainingTime {
public:
    /// Forgets what it saw: a new phase has another pace. `milliseconds` on any clock that only goes forward.
    void restart(std::int64_t milliseconds);
    void add(std::int64_t milliseconds, std::int64_t done);

    /// Units a second over the last seconds; nothing before there are two reports.
    std::optional<double> rate() const;

    /// Seconds until `total`. Nothing in the first 5 s, without progress for 3 s, or where the pace of the
    /// last 3 s is more than a third off that of the last 12 s.
    std::optional<double> secondsLeft(std::int64_t milliseconds, std::int64_t total) const;

private:
    struct Report {
        std::int64_t milliseconds = 0;
        std::int64_t done = 0;
    };

    std::optional<double> rateSince(std::int64_t milliseconds) const;

    std::int64_t m_start = 0;
    std::deque<Report> m_reports;
};

/// "a few seconds left", "about 25 s left", "about 3 min left", "about 1 h 20 min left"
QString remainingText(double seconds);

} // namespace culprit::ui
