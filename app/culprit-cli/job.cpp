// SPDX-License-Identifier: GPL-3.0-or-later
#include "job.h"

#include "base/durable_file.h"
#include "exit_status.h"

#include <cstdio>
#include <future>
#include <new>
#include <optional>
#include <thread>
#include <unistd.h>

namespace culprit::cli {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds betweenDrawings{100};
constexpr milliseconds patience{700};

Expected<Answer> guarded(const std::function<Expected<Answer>(const Monitor&)>& work, const Monitor& monitor)
{
    try {
        return work(monitor);
    } catch (const std::bad_alloc& error) {
        return fail(Error::Kind::OutOfMemory,
                    "there is not enough memory; use --train-size or a smaller --batch", error.what());
    } catch (const std::exception& error) {
        return fail(Error::Kind::Internal, "something unexpected happened; --verbose says more",
                    error.what());
    }
}

[[noreturn]] void abandon(ProgressView& view)
{
    view.clear();
    discardUnfinished();
    std::fputs("culprit-cli: cancelled\n", stderr);
    std::fflush(stderr);
    ::_exit(exitStatus(Error::Kind::Cancelled));
}

milliseconds until(Clock::time_point moment)
{
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(moment - Clock::now()));
}

} // namespace

Expected<Answer> runJob(const std::function<Expected<Answer>(const Monitor&)>& work, ProgressView& view,
                        Interrupt& interrupt)
{
    ProgressBoard board;
    std::promise<Expected<Answer>> promise;
    auto answer = promise.get_future();
    std::jthread worker([&](const std::stop_token& stop) {
        promise.set_value(
            guarded(work, {stop, [&board](const Progress& progress) { board.note(progress); }}));
        interrupt.ring();
    });
    std::optional<Clock::time_point> deadline;
    while (answer.wait_for(milliseconds{0}) != std::future_status::ready) {
        interrupt.sleep(deadline ? std::min(betweenDrawings, until(*deadline)) : betweenDrawings);
        view.show(board.read());
        if (interrupt.requests() > 0 && !deadline) {
            worker.request_stop();
            deadline = Clock::now() + patience;
        }
        const bool late = deadline && Clock::now() >= *deadline;
        if ((late || interrupt.requests() > 1) &&
            answer.wait_for(milliseconds{0}) != std::future_status::ready)
            abandon(view);
    }
    view.show(board.read());
    view.clear();
    return answer.get();
}

} // namespace culprit::cli
