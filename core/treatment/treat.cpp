// SPDX-License-Identifier: GPL-3.0-or-later
#include "treatment/treat.h"

#include "model/torch_compat.h"
#include "treatment/treatment_internal.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace culprit::treatment {

namespace {

using TreatmentFunction = Result (*)(const TreatmentInput&, const TreatOptions&, const Monitor&);

struct Treatment {
    TreatmentInfo info;
    TreatmentFunction apply;
};

constexpr std::string_view paper = "Tanno, Pradier, Nori and Li, NeurIPS 2022";

constexpr Treatment registry[] = {
    {{"relabel-rehearse", "the causes get their suggested labels, then a few epochs over all of the training set, slightly shifted", "Culprit"},
     &relabelRehearse},
    {{"erase-rehearse", "a few epochs over the rest while the causes' labels are unlearned, for spoilt images",
      "after Tanno et al., NeurIPS 2022, with rehearsal"},
     &eraseRehearse},
    {{"rehearse", "a few epochs over the training set without the causes", "fine-tuning"}, &rehearse},
    {{"ewc-deletion", "unlearns the causes under the training data's precision, as far as training accuracy allows", paper},
     &ewcDeletion},
    {{"newton", "one step away from the causes, as far as training accuracy allows", "Guo et al., ICML 2020"}, &newton},
    {{"scrub", "driven away from its answers on the causes, held to them on the rest, in turns", "Kurmanji et al., NeurIPS 2023"},
     &scrub},
    {{"ssd", "shrinks the parameters that matter to the causes out of proportion, as far as training accuracy allows",
      "Foster, Schoepf and Brintrup, AAAI 2024"},
     &ssd},
    {{"retrain", "from scratch without the causes: the yardstick", "retraining"}, &retrain},
    {{"fine-tune-failures", "learns the query failures themselves: a control, not a repair", paper, true}, &fineTuneFailures},
};

constexpr std::size_t treatmentCount = std::size(registry);

std::string treatmentNames()
{
    std::string names;
    for (const auto& treatment : registry)
        names += (names.empty() ? "" : ", ") + std::string(treatment.info.name);
    return names;
}

Expected<void> checkInput(const TreatmentInput& input)
{
    const auto rows = static_cast<std::size_t>(input.train.size());
    const auto fits = [rows](std::span<const std::uint8_t> flags) { return flags.empty() || flags.size() == rows; };
    if (input.causes.size() != rows || input.suggested.size() != rows || !fits(input.corrected) || !fits(input.excluded))
        return fail(Error::Kind::BadInput, "the causes belong to another training set; identify them again");
    const auto causes = std::count(input.causes.begin(), input.causes.end(), std::uint8_t{1});
    if (causes == 0)
        return fail(Error::Kind::BadInput, "no image is selected as a cause, so there is nothing to forget; move the cut");
    if (input.train.size() - causes < 2)
        return fail(Error::Kind::BadInput, "all training images are selected as causes; move the cut");
    return {};
}

std::vector<std::int64_t> rowsWhere(std::span<const std::uint8_t> flags, std::uint8_t value)
{
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < flags.size(); ++i)
        if (flags[i] == value)
            rows.push_back(static_cast<std::int64_t>(i));
    return rows;
}

} // namespace

std::span<const TreatmentInfo> treatments()
{
    static const auto infos = [] {
        std::array<TreatmentInfo, treatmentCount> list;
        std::transform(std::begin(registry), std::end(registry), list.begin(), [](const Treatment& t) { return t.info; });
        return list;
    }();
    return infos;
}

std::vector<std::int64_t> keptRows(const TreatmentInput& input)
{
    return rowsWhere(input.causes, 0);
}

std::vector<std::int64_t> causeRows(const TreatmentInput& input)
{
    return rowsWhere(input.causes, 1);
}

std::vector<std::int64_t> trainableRows(const TreatmentInput& input)
{
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < input.causes.size(); ++i)
        if (!input.causes[i] || (!input.corrected.empty() && input.corrected[i]))
            rows.push_back(static_cast<std::int64_t>(i));
    return rows;
}

std::vector<std::int32_t> correctedLabels(const TreatmentInput& input)
{
    std::vector<std::int32_t> labels = input.train.labels;
    for (std::size_t i = 0; i < input.corrected.size(); ++i)
        if (input.corrected[i])
            labels[i] = input.suggested[i];
    return labels;
}

Expected<Treated> treat(std::string_view name, const TreatmentInput& input, const TreatOptions& options,
                        const Monitor& monitor)
{
    const auto* found = std::find_if(std::begin(registry), std::end(registry),
                                     [&](const Treatment& treatment) { return treatment.info.name == name; });
    if (found == std::end(registry))
        return fail(Error::Kind::BadInput,
                    "no treatment is called '" + std::string(name) + "'; choose one of " + treatmentNames());
    if (auto checked = checkInput(input); !checked)
        return fail(checked.error());
    const auto start = std::chrono::steady_clock::now();
    try {
        auto treated = found->apply(input, options, monitor);
        if (treated)
            treated->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return treated;
    } catch (const std::exception& error) {
        return model::failedBy(error, "the treatment " + std::string(name) + " failed");
    }
}

} // namespace culprit::treatment
