// SPDX-License-Identifier: GPL-3.0-or-later
// An engine that misbehaves on request, for the tests of the window:
//   fake_engine MODE [DIARY [FAILURES NEIGHBOURS]]
// Every call it gets is a line of DIARY. MODE is `well` or what goes wrong; see perform() and tellEvidence().
// FAILURES and NEIGHBOURS are rows, "3,14,15", that it gives as evidence for every image; the failures
// themselves it finds alike by threes: none, group 0, group 1.
#include "protocol/array.h"
#include "protocol/fields.h"
#include "protocol/message.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace culprit;
using namespace culprit::protocol;

namespace {

void writeAll(const void* bytes, std::size_t count)
{
    const auto* at = static_cast<const char*>(bytes);
    while (count > 0) {
        const auto written = ::write(STDOUT_FILENO, at, count);
        if (written <= 0)
            std::_Exit(0);
        at += written;
        count -= static_cast<std::size_t>(written);
    }
}

void say(const Message& message)
{
    const Bytes frame = *encode(message);
    writeAll(frame.data(), frame.size());
}

Json emptySet()
{
    return {{"images", 0},
            {"labels", arrayJson(std::vector<std::int32_t>{})},
            {"index", arrayJson(std::vector<std::int64_t>{})}};
}

Json dataReply()
{
    const Json counts = arrayJson(std::vector<std::int64_t>{0, 0});
    const Json none = arrayJson(std::vector<std::int64_t>{});
    return {{"path", "fake"},
            {"format", "idx"},
            {"classes", {"cat", "dog"}},
            {"shape", {1, 4, 4}},
            {"train", emptySet()},
            {"test", emptySet()},
            {"validation", 0},
            {"per_class", {{"train", counts}, {"test", counts}}},
            {"unreadable", {{"count", 0}, {"listed", Json::array()}}},
            {"duplicates", {{"train", none}, {"test", none}}}};
}

Json modelReply()
{
    return {{"path", "m.pt"},       {"parameters", 10}, {"outputs", 2},
            {"architecture", ""},   {"epochs", 0},      {"preprocessing", {{"name", "none"}}},
            {"has_margins", false}, {"device", "cpu"},  {"notes", Json::array()}};
}

Json probeReply()
{
    return {{"images", 1},
            {"accuracy", 1.0},
            {"predicted_counts", arrayJson(std::vector<std::int64_t>{1, 0})},
            {"current", "none"},
            {"best", "none"},
            {"presets", Json::array()}};
}

Json cutReply()
{
    return {{"name", "paper"},
            {"count", 0},
            {"estimated_precision", nullptr},
            {"selected", arrayJson(std::vector<std::uint8_t>{})}};
}

/// The first rows up to the query's share, and the others; of all failures, rows 5 and 41.
Json splitReply(const Json& arguments)
{
    const Fields fields(arguments, "choose_failures");
    const auto asked = fields.optionalArray<std::int64_t>("rows");
    const std::vector<std::int64_t> rows = asked ? *asked : std::vector<std::int64_t>{5, 41};
    const double share = fields.optionalNumber("query_fraction").value_or(0.5);
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(rows.size()));
    return {{"query", arrayJson(std::vector<std::int64_t>(rows.begin(), middle))},
            {"holdout", arrayJson(std::vector<std::int64_t>(middle, rows.end()))},
            {"remaining", arrayJson(std::vector<std::int64_t>{})}};
}

Json identifyReply()
{
    const Json floats = arrayJson(std::vector<float>{});
    const Json ints = arrayJson(std::vector<std::int32_t>{});
    return {{"method", "culprit"},    {"ranking", arrayJson(std::vector<std::int64_t>{})},
            {"influence", floats},    {"suspicion", floats},
            {"culprit", floats},      {"probability", floats},
            {"predicted", ints},      {"suggested", ints},
            {"seconds", 0.1},         {"forward_seconds", 0.1},
            {"notes", Json::array()}, {"cut", cutReply()}};
}

Json pieceReply(const Json& arguments)
{
    const std::string whole = "abcdefghij";
    const auto offset =
        static_cast<std::size_t>(Fields(arguments, "export").optionalInteger("offset").value_or(0));
    const std::string piece = whole.substr(offset, 4);
    return {{"total", whole.size()},
            {"offset", offset},
            {"bytes", arrayJson(std::vector<std::uint8_t>(piece.begin(), piece.end()))}};
}

Json replyTo(const Request& request)
{
    if (request.call == "open_data" || request.call == "open_demo")
        return dataReply();
    if (request.call == "open_model" || request.call == "train")
        return modelReply();
    if (request.call == "configure")
        return {{"device", "cpu"}, {"threads", 2}, {"batch", 0}, {"seed", 0}};
    if (request.call == "probe")
        return probeReply();
    if (request.call == "choose_failures")
        return splitReply(request.arguments);
    if (request.call == "identify")
        return identifyReply();
    if (request.call == "cut")
        return cutReply();
    if (request.call == "export")
        return pieceReply(request.arguments);
    return Json::object();
}

std::vector<std::int64_t> rowsIn(const char* list)
{
    std::vector<std::int64_t> rows;
    std::istringstream text(list);
    for (std::string row; std::getline(text, row, ',');)
        rows.push_back(std::stoll(row));
    return rows;
}

Json rankedReply(const std::vector<std::int64_t>& rows, const char* valueName)
{
    std::vector<float> values;
    for (std::size_t i = 0; i < rows.size(); ++i)
        values.push_back(0.97F / (1.0F + 0.1F * static_cast<float>(i)));
    return {{"rows", arrayJson(rows)}, {valueName, arrayJson(values)}};
}

/// Progress until the next request, which is expected to be the cancel.
void keepBusy(std::uint64_t id)
{
    pollfd input{STDIN_FILENO, POLLIN, 0};
    for (std::int64_t i = 0; ::poll(&input, 1, 5) == 0; ++i)
        say(ProgressEvent{id, "training", i, 1000});
}

class Fake {
public:
    Fake(std::string mode, const char* diary) : m_mode(std::move(mode))
    {
        if (diary)
            m_diary.open(diary, std::ios::app);
    }

    void showAlways(std::vector<std::int64_t> failures, std::vector<std::int64_t> neighbours)
    {
        m_failures = std::move(failures);
        m_neighbours = std::move(neighbours);
    }

    void take(const Request& request)
    {
        m_diary << request.call << std::endl;
        if (request.call == "hello")
            return hello(request);
        if (request.call == "cancel") {
            const auto whom = static_cast<std::uint64_t>(Fields(request.arguments, "cancel").integer("id"));
            if (whom == m_busyWith)
                say(ErrorReply{m_busyWith, {Error::Kind::Cancelled, "cancelled", {}}});
            return say(Reply{request.id, {{"found", whom == m_busyWith}}});
        }
        if (m_mode == "refuses" && request.call == "open_model")
            return say(
                ErrorReply{request.id, {Error::Kind::Unsupported, "m.pt is a state_dict, not a model", {}}});
        if (request.call == "probe" || m_mode == "dies at once")
            return perform(request);
        if (request.call.starts_with("evidence_"))
            return tellEvidence(request);
        if (request.call == "failure_groups")
            return tellGroups(request);
        if (request.call == "identify" && m_mode == "ponders") {
            m_busyWith = request.id;
            return say(ProgressEvent{request.id, "scoring training images", 150, 600});
        }
        const bool treats = request.call == "treat" || request.call == "removal_curve";
        if (treats && m_mode == "refuses to treat")
            return say(ErrorReply{request.id, {Error::Kind::OutOfMemory, "no room to repair in", "log"}});
        if (treats && m_mode == "treats slowly") {
            m_busyWith = request.id;
            return say(ProgressEvent{request.id, "rehearsing", 3, 12});
        }
        if (request.call == "choose_failures" && m_mode == "refuses failures")
            return say(ErrorReply{request.id, {Error::Kind::BadInput, "none of them is a failure", {}}});
        say(Reply{request.id, replyTo(request)});
    }

private:
    void hello(const Request& request)
    {
        if (m_mode == "banner") {
            std::printf("Welcome to the machine! Today is Tuesday.\n");
            std::fflush(stdout);
            return;
        }
        const int version = m_mode == "old" ? protocolVersion - 1 : protocolVersion;
        Json answer = helloJson({version, "0.0.9", "1.13.1"});
        answer["sandbox"] = "none";
        say(Reply{request.id, answer});
    }

    void perform(const Request& request)
    {
        if (m_mode == "fails")
            return say(ErrorReply{request.id, {Error::Kind::BadInput, "row 5: no", "log"}});
        if (m_mode == "slow") {
            m_busyWith = request.id;
            return keepBusy(request.id);
        }
        if (m_mode == "garbage")
            return writeAll("\x05\x00\x00\x00\x9f\x9f\x9f\x9f\x9f", 9);
        if (m_mode == "another shape")
            return say(Reply{request.id, {{"images", "many"}}});
        if (m_mode == "killed")
            std::raise(SIGKILL);
        if (m_mode == "dies" || m_mode == "dies at once") {
            std::fprintf(stderr, "first line\nterminate called\n");
            std::_Exit(3);
        }
        say(Reply{request.id + 1000, probeReply()}); // an answer that nobody waits for
        say(Reply{request.id, probeReply()});
    }

    void tellGroups(const Request& request) const
    {
        std::vector<std::int32_t> groups;
        for (std::size_t i = 0; i < m_failures.size(); ++i)
            groups.push_back(static_cast<std::int32_t>(i % 3) - 1);
        say(Reply{request.id, {{"count", 2}, {"groups", arrayJson(groups)}}});
    }

    /// Two rows after the one asked for, or the first of `among`; three training rows after those. "slow"
    /// never answers, "slow at first" only from the second time on.
    void tellEvidence(const Request& request)
    {
        if (m_mode == "fails")
            return say(ErrorReply{request.id, {Error::Kind::OutOfMemory, "no room for evidence", "log"}});
        if (m_mode == "slow" || (m_mode == "slow at first" && m_evidenceCalls++ == 0)) {
            m_busyWith = request.id;
            return;
        }
        const Fields arguments(request.arguments, "evidence");
        const std::int64_t row = arguments.integer("row");
        auto pulled = m_failures.empty() ? std::vector<std::int64_t>{row + 1, row + 2} : m_failures;
        if (const auto among = arguments.optionalArray<std::int64_t>("among"); among && !among->empty())
            pulled = {among->begin(), among->begin() + std::min<std::ptrdiff_t>(6, std::ssize(*among))};
        const auto nearest =
            m_neighbours.empty() ? std::vector<std::int64_t>{row + 3, row + 4, row + 5} : m_neighbours;
        const bool ofCulprit = request.call == "evidence_for_culprit";
        say(Reply{request.id,
                  {{ofCulprit ? "failures" : "culprits", rankedReply(pulled, "pull")},
                   {"neighbours", rankedReply(nearest, "similarity")}}});
    }

    std::string m_mode;
    std::ofstream m_diary;
    std::vector<std::int64_t> m_failures;
    std::vector<std::int64_t> m_neighbours;
    int m_evidenceCalls = 0;
    std::uint64_t m_busyWith = 0;
};

} // namespace

int main(int argc, char** argv)
{
    Fake fake(argc > 1 ? argv[1] : "well", argc > 2 ? argv[2] : nullptr);
    if (argc > 4)
        fake.showAlways(rowsIn(argv[3]), rowsIn(argv[4]));
    FrameDecoder decoder;
    Bytes piece(1 << 16);
    while (true) {
        const auto got = ::read(STDIN_FILENO, piece.data(), piece.size());
        if (got <= 0 || !decoder.add({piece.data(), static_cast<std::size_t>(got)}))
            return 0;
        while (const auto payload = decoder.next()) {
            const auto message = decode(*payload);
            if (const auto* request = message ? std::get_if<Request>(&*message) : nullptr)
                fake.take(*request);
        }
    }
}
