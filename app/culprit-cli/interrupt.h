// SPDX-License-Identifier: GPL-3.0-or-later
// Ctrl-C, a polite kill and a closed terminal, as something that the main thread can sleep on.
#pragma once

#include <chrono>

namespace culprit::cli {

class Interrupt {
public:
    /// Catches SIGINT, SIGTERM and SIGHUP from now on. One a process.
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    /// How often the user has asked to stop.
    int requests() const;

    /// Sleeps until a signal came, ring() was called, or `longest` has passed.
    void sleep(std::chrono::milliseconds longest);

    /// Ends a sleep; may be called from any thread.
    void ring();

private:
    int m_readEnd = -1;
};

} // namespace culprit::cli
