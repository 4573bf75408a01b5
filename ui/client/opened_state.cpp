// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/opened_state.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace culprit::ui {

namespace {

enum Rank { Configured, Data, Model, Evaluated, Failures, Causes, Treated, Stateless };

Rank rankOf(const std::string& call)
{
    static constexpr std::array<std::pair<std::string_view, Rank>, 9> ranks{{{"configure", Configured},
                                                                             {"open_data", Data},
                                                                             {"open_demo", Data},
                                                                             {"open_model", Model},
                                                                             {"train", Model},
                                                                             {"evaluate", Evaluated},
                                                                             {"choose_failures", Failures},
                                                                             {"identify", Causes},
                                                                             {"treat", Treated}}};
    const auto* found =
        std::find_if(ranks.begin(), ranks.end(), [&](const auto& entry) { return entry.first == call; });
    return found == ranks.end() ? Stateless : found->second;
}

constexpr std::array<const char*, 3> choiceKeys{"cut", "selected", "suggested"};
constexpr std::array<const char*, 4> decisionKeys{"relabelled", "new_labels", "excluded", "acquitted"};

/// Two treatments may stand side by side if they treat the same causes.
bool sameCauses(const protocol::Json& a, const protocol::Json& b)
{
    const auto isSame = [&](const char* key) {
        return a.value(key, protocol::Json()) == b.value(key, protocol::Json());
    };
    return std::all_of(choiceKeys.begin(), choiceKeys.end(), isSame) &&
           std::all_of(decisionKeys.begin(), decisionKeys.end(), isSame);
}

/// A treatment that names no causes treats those of the one before it.
void inheritCauses(const protocol::Json& before, protocol::Json& arguments)
{
    for (const char* key : choiceKeys)
        if (arguments.contains(key))
            return;
    for (const char* key : choiceKeys)
        if (before.contains(key))
            arguments[key] = before[key];
}

} // namespace

void OpenedState::note(const std::string& call, protocol::Json arguments)
{
    const Rank rank = rankOf(call);
    if (rank == Stateless)
        return;
    if (rank == Treated && !m_steps.isEmpty() && rankOf(m_steps.constLast().call) == Treated)
        inheritCauses(m_steps.constLast().arguments, arguments);
    m_steps.removeIf([&](const Step& step) {
        const Rank other = rankOf(step.call);
        if (rank == Evaluated)
            return other == Evaluated;
        if (rank == Treated)
            return other == Treated && (!sameCauses(step.arguments, arguments) ||
                                        step.arguments.value("method", "") == arguments.value("method", ""));
        return other >= rank;
    });
    const auto place = std::find_if(m_steps.cbegin(), m_steps.cend(),
                                    [&](const Step& step) { return rankOf(step.call) > rank; });
    m_steps.insert(place, Step{call, std::move(arguments)});
}

void OpenedState::modelSavedAs(const std::string& path)
{
    for (Step& step : m_steps)
        if (step.call == "train")
            step = {"open_model", {{"path", path}}};
}

QList<OpenedState::Step> OpenedState::opening() const
{
    QList<Step> steps;
    std::copy_if(m_steps.begin(), m_steps.end(), std::back_inserter(steps),
                 [](const Step& step) { return rankOf(step.call) < Causes; });
    return steps;
}

QList<OpenedState::Step> OpenedState::findings() const
{
    QList<Step> steps;
    std::copy_if(m_steps.begin(), m_steps.end(), std::back_inserter(steps),
                 [](const Step& step) { return rankOf(step.call) >= Causes; });
    return steps;
}

bool OpenedState::needsFindings(const std::string& call)
{
    return call == "cut" || call == "treat" || call == "removal_curve" || call == "export";
}

} // namespace culprit::ui
