// SPDX-License-Identifier: GPL-3.0-or-later
#include "terminal_progress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace culprit::cli {

namespace {

constexpr int barWidth = 24;
constexpr int defaultWidth = 80;
constexpr double trustworthyAfter = 5.0; // seconds

std::string bar(double share)
{
    const int full = static_cast<int>(std::lround(share * barWidth));
    std::string text;
    for (int i = 0; i < barWidth; ++i)
        text += i < full ? "█" : "░";
    return text;
}

std::string rateText(double perSecond)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), perSecond < 10.0 ? "%.1f/s" : "%.0f/s", perSecond);
    return text.data();
}

std::string clockText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
    std::array<char, 48> text{};
    if (whole < 3600)
        std::snprintf(text.data(), text.size(), "%d:%02d", static_cast<int>(whole / 60),
                      static_cast<int>(whole % 60));
    else
        std::snprintf(text.data(), text.size(), "%lld h %02d", static_cast<long long>(whole / 3600),
                      static_cast<int>(whole / 60 % 60));
    return text.data();
}

/// Rate and remaining time, as far as they can be known.
std::string tempo(const ProgressBoard::Reading& reading, double seconds)
{
    const auto advanced = static_cast<double>(reading.done - reading.doneThen);
    if (advanced <= 0.0 || seconds < 0.5)
        return {};
    const double rate = advanced / seconds;
    std::string text = "  " + rateText(rate);
    if (seconds >= trustworthyAfter)
        text += "  " + clockText(static_cast<double>(reading.total - reading.done) / rate) + " left";
    return text;
}

/// Cuts after `width` columns; every character here is one column wide.
std::string fitted(const std::string& text, int width)
{
    int columns = 0;
    std::size_t end = 0;
    while (end < text.size()) {
        const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
        if (starts && columns++ == width)
            break;
        ++end;
    }
    return text.substr(0, end);
}

void print(const std::string& text)
{
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
}

class Silence final : public ProgressView {
public:
    void show(const ProgressBoard::Reading&) override {}
};

/// Each phase with the seconds since the start, so that a log tells what took how long.
class Lines final : public ProgressView {
public:
    void show(const ProgressBoard::Reading& reading) override
    {
        for (const auto& [phase, moment] : reading.begun) {
            std::array<char, 32> seconds{};
            const double elapsed = std::chrono::duration<double>(moment - m_start).count();
            std::snprintf(seconds.data(), seconds.size(), "%8.1f s  ", elapsed);
            print(seconds.data() + phase + "\n");
        }
    }

private:
    ProgressBoard::Clock::time_point m_start = ProgressBoard::Clock::now();
};

class Bar final : public ProgressView {
public:
    void show(const ProgressBoard::Reading& reading) override
    {
        if (!reading.phase.empty())
            print("\r\x1b[K" + progressLine(reading, ProgressBoard::Clock::now(), width()));
    }

    void clear() override { print("\r\x1b[K"); }

private:
    static int width()
    {
        winsize size{};
        return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1
                                                                                 : defaultWidth;
    }
};

} // namespace

void ProgressBoard::note(const Progress& progress)
{
    const std::lock_guard lock(m_mutex);
    if (progress.phase != m_reading.phase) {
        m_reading.phase = progress.phase;
        m_reading.since = Clock::now();
        m_reading.begun.emplace_back(m_reading.phase, m_reading.since);
        m_reading.doneThen = progress.done;
    } else if (progress.done < m_reading.done) { // the same again, for other images
        m_reading.since = Clock::now();
        m_reading.doneThen = progress.done;
    }
    m_reading.done = progress.done;
    m_reading.total = progress.total;
}

ProgressBoard::Reading ProgressBoard::read()
{
    const std::lock_guard lock(m_mutex);
    Reading reading = m_reading;
    m_reading.begun.clear();
    return reading;
}

std::unique_ptr<ProgressView> makeProgressView(bool quiet)
{
    if (quiet)
        return std::make_unique<Silence>();
    if (::isatty(STDERR_FILENO) == 1)
        return std::make_unique<Bar>();
    return std::make_unique<Lines>();
}

std::string progressLine(const ProgressBoard::Reading& reading, ProgressBoard::Clock::time_point now,
                         int width)
{
    if (reading.total <= 0)
        return fitted(reading.phase + " …", width);
    const double share =
        std::clamp(static_cast<double>(reading.done) / static_cast<double>(reading.total), 0.0, 1.0);
    std::array<char, 16> percent{};
    std::snprintf(percent.data(), percent.size(), "  %3.0f %%", 100.0 * share);
    const double seconds = std::chrono::duration<double>(now - reading.since).count();
    return fitted(reading.phase + "  " + bar(share) + percent.data() + tempo(reading, seconds), width);
}

} // namespace culprit::cli
