// SPDX-License-Identifier: GPL-3.0-or-later
// The self-pipe trick (D. J. Bernstein): a signal handler may do little more than write(2), so it writes a
// byte to a pipe that the main thread polls. What the handler touches has to be static.
#include "interrupt.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace culprit::cli {

namespace {

constexpr std::array caughtSignals{SIGINT, SIGTERM, SIGHUP};

std::atomic<int> writeEnd{-1};
std::atomic<int> stopRequests{0};
static_assert(std::atomic<int>::is_always_lock_free);

void wake()
{
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(writeEnd, &byte, 1); // a full pipe wakes as well
}

void onSignal(int)
{
    const int before = errno;
    ++stopRequests;
    wake();
    errno = before;
}

void setHandler(void (*handler)(int))
{
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int number : caughtSignals) {
        struct sigaction inherited {};
        ::sigaction(number, nullptr, &inherited);
        if (inherited.sa_handler != SIG_IGN) // nohup asked for that
            ::sigaction(number, &action, nullptr);
    }
}

} // namespace

Interrupt::Interrupt()
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // Ctrl-C keeps its default: it ends the process
    m_readEnd = ends[0];
    writeEnd = ends[1];
    setHandler(&onSignal);
}

Interrupt::~Interrupt()
{
    if (m_readEnd < 0)
        return;
    setHandler(SIG_DFL);
    ::close(writeEnd.exchange(-1));
    ::close(m_readEnd);
}

int Interrupt::requests() const
{
    return stopRequests;
}

void Interrupt::sleep(std::chrono::milliseconds longest)
{
    pollfd bell{m_readEnd, POLLIN, 0};
    ::poll(&bell, 1, static_cast<int>(longest.count()));
    std::array<char, 64> bytes{};
    while (::read(m_readEnd, bytes.data(), bytes.size()) > 0)
        continue;
}

void Interrupt::ring()
{
    wake();
}

} // namespace culprit::cli
