// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/server.h"
#include "verb.h"
#include "verbs.h"

namespace culprit::cli {

namespace {

class Serve final : public Verb {
public:
    void declare(CLI::App&) override {}

    std::optional<int> takeOver() override { return engine::serveStandardStreams(general.compute); }

    Expected<Answer> run(const Monitor&) override
    {
        return fail(Error::Kind::Internal, "serve takes over the process before there are jobs");
    }
};

} // namespace

std::unique_ptr<Verb> makeServe()
{
    return std::make_unique<Serve>();
}

} // namespace culprit::cli
