// SPDX-License-Identifier: GPL-3.0-or-later
// The calls that need LibTorch or change what is open: one object on the worker's thread that owns the
// Session and everything found out with it, and answers one call after the other.
#pragma once

#include "base/error.h"
#include "base/monitor.h"
#include "engine/investigation.h"
#include "engine/session.h"
#include "engine/shared_view.h"
#include "protocol/fields.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace culprit::engine {

class Service {
public:
    /// `view` gets what others may read. LibTorch's thread count belongs to a thread: make and use the
    /// service on one and the same.
    Service(ComputeOptions compute, SharedView& view);
    ~Service();

    /// Unsupported for a call that does not exist; else as the call's README entry says. What has failed or
    /// was cancelled leaves everything as it was.
    Expected<protocol::Json> answer(const std::string& call, const protocol::Json& arguments,
                                    const Monitor& monitor);

    /// Evidence is gathered while nobody asks for anything, once the model was evaluated.
    bool hasIdleWork() const;

    /// About one batch's worth.
    void doIdleWork();

private:
    using Json = protocol::Json;
    using Answer = Expected<Json> (Service::*)(const protocol::Fields& arguments, const Monitor& monitor);
    struct Call;
    static const Call* find(std::string_view call);

    /// What is to be treated, and the cut it comes from.
    struct Choice {
        causes::Cut cut;
        CauseSelection causes;
    };

    /// What a person calls "the model" in result.json.
    struct Opened {
        report::ModelSection model;
        std::optional<std::int64_t> trainSize;
        std::optional<std::string> trainLabels;
        std::optional<std::vector<std::uint8_t>> truth; ///< The demo set's planted faults, for scoring only.
    };

    Expected<Json> configure(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> doctor(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> openData(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> openDemo(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> openModel(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> train(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> probeModel(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> evaluate(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> failureGroups(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> chooseFailures(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> identify(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> treat(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> removalCurve(const protocol::Fields& arguments, const Monitor& monitor);
    Expected<Json> exportFile(const protocol::Fields& arguments, const Monitor& monitor);

    Expected<Session*> session();
    Expected<Json> dataOpened(const Monitor& monitor);
    Expected<Json> modelOpened(const std::string& path, report::ModelSection model);
    Expected<void> requireCauses() const;
    Expected<Choice> choiceFrom(const protocol::Fields& arguments) const;
    Expected<Choice> choiceNamed(const protocol::Fields& arguments) const;
    Expected<Choice> choiceByHand(const protocol::Fields& arguments) const;
    Expected<Choice> choiceByCut(const std::string& name) const;
    void adopt(Choice choice);
    Expected<void> gatherEvidence(const Monitor& monitor);
    Expected<void> stepEvidence();

    void forgetData();
    void forgetModel();
    void forgetFailures();
    void forgetCauses();
    void forgetTreatments();
    void publish();

    report::Result result();
    Expected<std::vector<std::byte>> fileContent(const std::string& name, const protocol::Fields& arguments);
    Expected<std::vector<std::byte>> modelFile(const std::string& name) const;
    Expected<std::vector<std::byte>> repairedFile(const std::string& name,
                                                  const protocol::Fields& arguments) const;
    Expected<std::vector<std::byte>> causesFile(const std::string& name,
                                                const protocol::Fields& arguments) const;
    Expected<std::vector<std::byte>> reportFile(const protocol::Fields& arguments);

    ComputeOptions m_compute;
    SharedView& m_shared;
    View m_view;
    std::optional<Session> m_session;
    Opened m_opened;
    const Evaluation* m_evaluation = nullptr; ///< The session's.
    bool m_failuresChosen = false;
    std::optional<Choice> m_choice;   ///< What was treated last, or what the identification's cut says.
    std::vector<TreatmentRun> m_runs; ///< On m_choice, one a method.
    std::optional<TreatmentRun> m_control;
    std::unique_ptr<EvidenceBuilder> m_builder;
    std::optional<Error> m_evidenceError;
    std::string m_exportedName; ///< The file that is being handed out in pieces.
    std::vector<std::byte> m_exported;
};

} // namespace culprit::engine
