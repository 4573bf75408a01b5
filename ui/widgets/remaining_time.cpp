// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/remaining_time.h"

#include <QCoreApplication>

#include <cmath>

namespace culprit::ui {

namespace {

constexpr std::int64_t firstShown = 5000;
constexpr std::int64_t recent = 3000;
constexpr std::int64_t memory = 12000;
constexpr double steady = 1.0 / 3.0;

QString translated(const char* text)
{
    return QCoreApplication::translate("culprit::ui::RemainingTime", text);
}

int roundedTo(double value, int step)
{
    return std::max(step, static_cast<int>(std::lround(value / step)) * step);
}

} // namespace

void RemainingTime::restart(std::int64_t milliseconds)
{
    m_start = milliseconds;
    m_reports.clear();
}

void RemainingTime::add(std::int64_t milliseconds, std::int64_t done)
{
    if (m_reports.empty() || done > m_reports.back().done)
        m_reports.push_back({milliseconds, done});
    while (m_reports.size() > 2 && m_reports[1].milliseconds <= milliseconds - memory)
        m_reports.pop_front();
}

std::optional<double> RemainingTime::rateSince(std::int64_t milliseconds) const
{
    if (m_reports.size() < 2)
        return std::nullopt;
    const Report& last = m_reports.back();
    const Report* first = &m_reports.front();
    for (const Report& report : m_reports) {
        if (report.milliseconds <= milliseconds && &report != &last)
            first = &report;
    }
    const double seconds = static_cast<double>(last.milliseconds - first->milliseconds) / 1000.0;
    if (seconds <= 0.0)
        return std::nullopt;
    return static_cast<double>(last.done - first->done) / seconds;
}

std::optional<double> RemainingTime::rate() const
{
    return m_reports.empty() ? std::nullopt : rateSince(m_reports.back().milliseconds - recent);
}

std::optional<double> RemainingTime::secondsLeft(std::int64_t milliseconds, std::int64_t total) const
{
    if (milliseconds - m_start < firstShown || m_reports.empty())
        return std::nullopt;
    const Report& last = m_reports.back();
    if (milliseconds - last.milliseconds > recent)
        return std::nullopt;
    const auto whole = rateSince(last.milliseconds - memory);
    const auto lately = rateSince(last.milliseconds - recent);
    if (!whole || !lately || *whole <= 0.0 || std::abs(*lately / *whole - 1.0) > steady)
        return std::nullopt;
    const double since = static_cast<double>(milliseconds - last.milliseconds) / 1000.0;
    return std::max(0.0, static_cast<double>(total - last.done) / *whole - since);
}

QString remainingText(double seconds)
{
    if (seconds < 7.5)
        return translated(QT_TRANSLATE_NOOP("culprit::ui::RemainingTime", "a few seconds left"));
    if (seconds < 57.5)
        return translated(QT_TRANSLATE_NOOP("culprit::ui::RemainingTime", "about %1 s left"))
            .arg(roundedTo(seconds, 5));
    const double minutes = seconds / 60.0;
    if (minutes < 59.5)
        return translated(QT_TRANSLATE_NOOP("culprit::ui::RemainingTime", "about %1 min left"))
            .arg(roundedTo(minutes, 1));
    const int rounded = roundedTo(minutes, 10);
    return translated(QT_TRANSLATE_NOOP("culprit::ui::RemainingTime", "about %1 h %2 min left"))
        .arg(rounded / 60)
        .arg(rounded % 60);
}

} // namespace culprit::ui
