// SPDX-License-Identifier: GPL-3.0-or-later
#include "write_result.h"

#include "base/durable_file.h"
#include "output.h"
#include "report/policy.h"

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

std::string pageUnderPolicy(report::ReportInput page)
{
    const auto policy = report::readPolicy(report::policyFiles());
    page.banners = policy.banners;
    if (!policy.unreadable.empty())
        page.banners.emplace_back("A policy file of this computer cannot be understood; have it mended.");
    const bool hides = policy.hidesPaths || !policy.unreadable.empty();
    return report::htmlReport(hides ? report::withoutPaths(std::move(page)) : page);
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
                                   .review = report::reviewSectionOf(investigation.decisions,
                                                                     session.data().train.size(),
                                                                     session.data().classNames),
                                   .command = command,
                                   .date = isoDate()};
    return written(writeDurably(folder / "report.html", pageUnderPolicy(page)));
}

} // namespace culprit::cli
