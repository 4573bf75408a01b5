// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server.h"

#include "base/sandbox.h"
#include "engine/job_queue.h"
#include "engine/outbox.h"
#include "engine/quick_answers.h"
#include "engine/service.h"
#include "engine/shared_view.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <future>
#include <unistd.h>
#include <vector>

namespace culprit::engine {

namespace {

using namespace std::chrono_literals;
using protocol::ErrorReply;
using protocol::Json;
using protocol::ProgressEvent;
using protocol::Reply;
using protocol::Request;
using Clock = std::chrono::steady_clock;

constexpr auto betweenEvents = 50ms;
constexpr auto graceAtTheEnd = 2s;

/// Passes a job's progress on, thinned; a new phase always.
class ProgressSender {
public:
    ProgressSender(Outbox& outbox, std::uint64_t id) : m_outbox(outbox), m_id(id) {}

    void operator()(const Progress& progress)
    {
        const std::lock_guard lock(m_mutex);
        const auto now = Clock::now();
        if (progress.phase == m_phase && now - m_last < betweenEvents)
            return;
        m_phase = progress.phase;
        m_last = now;
        m_outbox.sendIfKeepingUp(ProgressEvent{m_id, m_phase, progress.done, progress.total});
    }

private:
    Outbox& m_outbox;
    const std::uint64_t m_id;
    std::mutex m_mutex;
    std::string m_phase;
    Clock::time_point m_last;
};

/// What the threads share; it lives as long as the longest of them.
struct Room {
    Room(int output, const ServeOptions& options_) : options(options_), outbox(output) {}

    const ServeOptions options;
    Outbox outbox;
    SharedView view;
    JobQueue jobs;  ///< For the worker, in order.
    JobQueue quick; ///< For the thread beside it.

    void reply(std::uint64_t id, Expected<Json> answer)
    {
        if (answer)
            outbox.send(Reply{id, std::move(*answer)});
        else
            outbox.send(ErrorReply{id, answer.error()});
    }
};

void answerJobs(Room& room)
{
    Service service(room.options.compute, room.view);
    while (!room.jobs.isClosed()) {
        const bool idleWork = service.hasIdleWork();
        const auto job = room.jobs.take(idleWork ? std::optional(0ms) : std::nullopt);
        if (!job) {
            if (idleWork)
                service.doIdleWork();
            continue;
        }
        ProgressSender progress(room.outbox, job->request.id);
        const Monitor monitor{job->stop.get_token(), [&](const Progress& news) { progress(news); }};
        room.reply(job->request.id, service.answer(job->request.call, job->request.arguments, monitor));
        room.jobs.finished();
    }
}

Expected<Json> guardedQuickAnswer(const Request& request, const View& view)
try {
    return answerQuickly(request.call, protocol::Fields(request.arguments, request.call), view);
} catch (const std::bad_alloc& error) {
    return fail(Error::Kind::OutOfMemory, request.call + ": not enough memory; close other programs",
                error.what());
} catch (const std::exception& error) {
    return fail(Error::Kind::Internal, request.call + ": something unexpected happened in the engine",
                error.what());
}

void answerQuick(Room& room)
{
    while (const auto job = room.quick.take(std::nullopt)) {
        room.reply(job->request.id, guardedQuickAnswer(job->request, room.view.read()));
        room.quick.finished();
    }
}

/// The thread that reads: sorts the requests, and answers itself what must never wait.
class Desk {
public:
    explicit Desk(Room& room) : m_room(room) {}

    void take(const protocol::Bytes& payload)
    {
        auto message = protocol::decode(payload);
        if (!message) {
            m_room.outbox.send(ErrorReply{0, message.error()});
            return;
        }
        auto* request = std::get_if<Request>(&*message);
        if (!request || request->id == 0)
            m_room.outbox.send(
                ErrorReply{0, {Error::Kind::BadInput, "the engine takes requests with an id above 0", {}}});
        else
            sort(std::move(*request));
    }

private:
    void sort(Request request)
    {
        const std::uint64_t id = request.id;
        if (request.call == "hello")
            return m_room.reply(id, hello(request.arguments));
        if (request.call == "cancel")
            return m_room.reply(id, cancel(request.arguments));
        JobQueue& queue = canAnswer(request.call, m_room.view.read()) ? m_room.quick : m_room.jobs;
        if (!queue.add(std::move(request)))
            m_room.outbox.send(
                ErrorReply{id, {Error::Kind::BadInput, "too many requests wait for an answer", {}}});
    }

    Expected<Json> hello(const Json& arguments)
    {
        auto other = protocol::helloOf(arguments);
        if (!other)
            return fail(other.error());
        if (auto same = protocol::requireSameProtocol(*other, "the window"); !same)
            return fail(same.error());
        Json answer =
            protocol::helloJson({protocol::protocolVersion, CULPRIT_VERSION, model::libtorchVersion()});
        answer["sandbox"] = m_room.options.sandbox;
        return answer;
    }

    Expected<Json> cancel(const Json& arguments)
    {
        const protocol::Fields fields(arguments, "cancel");
        const auto id = static_cast<std::uint64_t>(fields.integer("id"));
        if (auto checked = fields.check(); !checked)
            return fail(checked.error());
        auto found = m_room.jobs.cancel(id);
        if (found == JobQueue::Cancelled::Unknown)
            found = m_room.quick.cancel(id);
        if (found == JobQueue::Cancelled::Waiting)
            m_room.outbox.send(ErrorReply{id, {Error::Kind::Cancelled, "cancelled", {}}});
        return Json{{"found", found != JobQueue::Cancelled::Unknown}};
    }

    Room& m_room;
};

/// Frame by frame until the stream ends or makes no sense any more.
Expected<void> readRequests(int input, Room& room)
{
    constexpr std::size_t pieceBytes = 1 << 16;
    std::vector<std::uint8_t> piece(pieceBytes);
    protocol::FrameDecoder decoder;
    Desk desk(room);
    while (true) {
        const auto got = ::read(input, piece.data(), piece.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return {};
        const auto added = decoder.add({piece.data(), static_cast<std::size_t>(got)});
        while (const auto payload = decoder.next())
            desk.take(*payload);
        if (!added) {
            room.outbox.send(ErrorReply{0, added.error()});
            room.outbox.flush(graceAtTheEnd);
            return added;
        }
    }
}

/// A thread whose end can be waited for with patience, and given up.
class Helper {
public:
    template <typename Work>
    explicit Helper(Work work)
    {
        std::packaged_task<void()> task(std::move(work));
        m_done = task.get_future();
        m_thread = std::thread(std::move(task));
    }

    bool joinWithin(std::chrono::milliseconds patience)
    {
        if (m_done.wait_for(patience) != std::future_status::ready) {
            m_thread.detach();
            return false;
        }
        m_thread.join();
        return true;
    }

private:
    std::future<void> m_done;
    std::thread m_thread;
};

/// A descriptor of our own in place of a standard one, which is given to something harmless.
int takeOver(int standard, int replacement)
{
    constexpr int firstFree = 3;
    const int own = ::fcntl(standard, F_DUPFD_CLOEXEC, firstFree);
    if (replacement >= 0)
        ::dup2(replacement, standard);
    return own;
}

} // namespace

Expected<void> serve(int input, int output, const ServeOptions& options)
{
    const auto room = std::make_shared<Room>(output, options);
    Helper worker([room] { answerJobs(*room); });
    Helper quick([room] { answerQuick(*room); });
    const auto read = readRequests(input, *room);
    room->jobs.close();
    room->quick.close();
    const bool quickEnded = quick.joinWithin(graceAtTheEnd);
    const bool workerEnded = worker.joinWithin(graceAtTheEnd);
    if (!quickEnded || !workerEnded)
        return fail(Error::Kind::Internal, "a job did not stop at the end");
    return read;
}

int serveStandardStreams(const ComputeOptions& compute)
{
    std::signal(SIGPIPE, SIG_IGN);
    const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int input = takeOver(STDIN_FILENO, nothing);
    const int output = takeOver(STDOUT_FILENO, STDERR_FILENO);
    if (input < 0 || output < 0) {
        std::fprintf(stderr,
                     "culprit-cli: serve needs standard input and output; the window starts it with both\n");
        return EXIT_FAILURE;
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // what a model prints appears as it is printed
    const auto level = restrictProcess({});
    const auto served = serve(input, output, {compute, level.describe()});
    if (!served)
        std::fprintf(stderr, "culprit-cli: %s\n", served.error().text.c_str());
    std::fflush(stderr);
    std::_Exit(served ? EXIT_SUCCESS
                      : EXIT_FAILURE); // nothing here outlives the process; a stuck job must not either
}

} // namespace culprit::engine
