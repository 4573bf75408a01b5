// SPDX-License-Identifier: GPL-3.0-or-later
#include "write_result.h"

#include "base/durable_file.h"
#include "output.h"
#include "report/html_report.h"

#include <array>
#include <ctime>

namespace culprit::cli {

std::string isoDate()
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S%z", &local);
    return text.data();
}

Expected<void> writeWithReport(const engine::Investigation& investigation, const engine::Session& session,
                               const std::string& command, const std::filesystem::path& folder)
{
    if (auto done = written(engine::writeInvestigation(investigation, session, folder)); !done)
        return done;
    const report::ReportInput page{.result = investigation.result,
                                   .causes = investigation.causes,
                                   .failures = investigation.failures,
                                   .train = &session.data().train,
                                   .test = &session.data().test,
                                   .command = command,
                                   .date = isoDate()};
    return written(writeDurably(folder / "report.html", report::htmlReport(page)));
}

} // namespace culprit::cli
