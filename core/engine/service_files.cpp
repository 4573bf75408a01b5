// SPDX-License-Identifier: GPL-3.0-or-later
// The files that a job ends in, as bytes: the engine may write none itself. The same functions write what
// `culprit-cli run` leaves in its folder.
#include "engine/service.h"

#include "data/io/npy.h"
#include "report/html_report.h"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace culprit::engine {

namespace {

using protocol::arrayJson;
using protocol::Fields;
using Bytes = std::vector<std::byte>;

/// Small enough to pass between two pictures, large enough for a model in a few.
constexpr std::size_t pieceBytes = std::size_t{8} << 20;

Bytes bytesOf(const std::string& text)
{
    Bytes bytes(text.size());
    if (!text.empty())
        std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

std::vector<std::string> linesOf(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        if (!line.empty())
            lines.push_back(line);
    return lines;
}

tl::unexpected<Error> noSuchFile(const std::string& name)
{
    return fail(Error::Kind::NotFound, "export: there is no file '" + name + "'");
}

} // namespace

Expected<protocol::Json> Service::exportFile(const Fields& arguments, const Monitor& monitor)
{
    const std::string name = arguments.text("name");
    const std::int64_t offset = arguments.optionalInteger("offset").value_or(0);
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    if (offset == 0) {
        monitor.report("writing " + name, 0, 0);
        auto content = fileContent(name, arguments);
        if (!content)
            return fail(content.error());
        m_exported = std::move(*content);
        m_exportedName = name;
    }
    const auto from = static_cast<std::size_t>(std::max<std::int64_t>(offset, 0));
    if (offset < 0 || name != m_exportedName || from > m_exported.size())
        return fail(Error::Kind::BadInput,
                    "export: '" + name + "' has changed meanwhile; ask for it from its beginning");
    const std::size_t count = std::min(pieceBytes, m_exported.size() - from);
    std::vector<std::uint8_t> piece(count);
    if (count > 0)
        std::memcpy(piece.data(), m_exported.data() + from, count);
    const Json reply{
        {"name", name}, {"total", m_exported.size()}, {"offset", from}, {"bytes", arrayJson(piece)}};
    if (from + count == m_exported.size()) {
        m_exported = {};
        m_exportedName.clear();
    }
    return reply;
}

Expected<Bytes> Service::fileContent(const std::string& name, const Fields& arguments)
{
    if (name.starts_with("model.pt"))
        return modelFile(name);
    if (name.starts_with("repaired.pt"))
        return repairedFile(name, arguments);
    if (!m_evaluation)
        return fail(Error::Kind::BadInput, "evaluate the model first");
    if (name == "result.json")
        return bytesOf(report::toJson(result()));
    if (name == "failures.csv")
        return bytesOf(report::failuresCsv(failureRows(m_session->data(), *m_evaluation)));
    if (name == "report.html")
        return reportFile(arguments);
    return causesFile(name, arguments);
}

Expected<Bytes> Service::modelFile(const std::string& name) const
{
    if (!m_session || !m_session->classifier())
        return fail(Error::Kind::BadInput, "open or train a model first");
    if (name == "model.pt")
        return m_session->classifier()->serialize();
    if (name == "model.pt.json")
        return bytesOf(model::sideCarText(m_session->sideCar()));
    if (name != "model.pt.margins.npy" && name != "model.pt.forgetting.npy")
        return noSuchFile(name);
    const auto& values = name == "model.pt.margins.npy" ? m_session->margins() : m_session->forgetting();
    if (values.empty())
        return fail(Error::Kind::NotFound, "export: this model has no training margins and counts");
    const std::int64_t shape[] = {static_cast<std::int64_t>(values.size())};
    return data::npyBytes(values, shape);
}

Expected<Bytes> Service::repairedFile(const std::string& name, const Fields& arguments) const
{
    const std::string method = arguments.optionalText("method").value_or(recommended(m_runs));
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    const auto run =
        std::find_if(m_runs.begin(), m_runs.end(), [&](const auto& each) { return each.method == method; });
    if (run == m_runs.end())
        return fail(Error::Kind::BadInput,
                    "repair the model first" + (method.empty() ? "" : " with " + method));
    if (name == "repaired.pt")
        return run->treated.classifier.serialize();
    if (name == "repaired.pt.json")
        return bytesOf(model::sideCarText(repairedSideCar(*m_session)));
    return noSuchFile(name);
}

Expected<Bytes> Service::causesFile(const std::string& name, const Fields& arguments) const
{
    if (name != "causes.csv" && name != "corrected_labels.csv" && name != "scores.npy")
        return noSuchFile(name);
    auto choice = choiceFrom(arguments);
    if (!choice)
        return fail(choice.error());
    if (name == "corrected_labels.csv")
        return bytesOf(correctedLabelsCsv(m_session->data(), choice->causes));
    if (auto found = requireCauses(); !found)
        return fail(found.error());
    if (name == "scores.npy")
        return scoresNpy(*m_view.identification);
    return bytesOf(report::causesCsv(causeRows(m_session->data(), *m_view.identification, choice->causes)));
}

report::Result Service::result()
{
    report::Result result{.tool = describeTool(*m_session)};
    result.model = m_opened.model;
    result.data = describeData(*m_session);
    result.data->trainSize = m_opened.trainSize;
    result.data->trainLabels = m_opened.trainLabels;
    result.evaluation = describeEvaluation(*m_evaluation);
    if (m_failuresChosen)
        result.split = describeSplit(m_session->split());
    if (m_view.identification && m_choice)
        result.identification = describeIdentification(*m_view.identification, m_choice->cut, m_opened.truth);
    for (const auto& run : m_runs)
        result.treatments.push_back(describeTreatment(run));
    result.best = recommended(m_runs);
    if (m_control && m_control->method == result.best)
        result.control = describeTreatment(*m_control);
    return result;
}

Expected<Bytes> Service::reportFile(const Fields& arguments)
{
    report::ReportInput page{.result = result(),
                             .failures = failureRows(m_session->data(), *m_evaluation),
                             .train = &m_session->data().train,
                             .test = &m_session->data().test,
                             .command = arguments.optionalText("command").value_or(""),
                             .date = arguments.optionalText("date").value_or("")};
    if (m_view.identification && m_choice)
        page.causes = causeRows(m_session->data(), *m_view.identification, m_choice->causes);
    if (const auto text = arguments.optionalText("review")) {
        auto review = report::reviewFromJson(*text, "export: review");
        if (!review)
            return fail(review.error());
        page.review = std::move(*review);
    }
    if (const auto banners = arguments.optionalText("banners"))
        page.banners = linesOf(*banners);
    const bool hides = arguments.flag("hide_paths", false);
    if (auto checked = arguments.check(); !checked)
        return fail(checked.error());
    return bytesOf(report::htmlReport(hides ? report::withoutPaths(std::move(page)) : page));
}

} // namespace culprit::engine
