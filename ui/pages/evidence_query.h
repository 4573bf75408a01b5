// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the engine for the evidence of one image at a time: one call under way, the latest question wins, and
// no answer to an older one comes through.
#pragma once

#include "client/engine_client.h"
#include "data/image_set.h"

#include <QObject>
#include <QPointer>
#include <optional>

namespace culprit::ui {

struct EvidenceQuestion {
    data::Part part = data::Part::Train;
    qint64 row = 0;      ///< Of the training set, or of the test set.
    QList<qint64> among; ///< Training rows that may be a test image's culprits; empty: all.

    friend bool operator==(const EvidenceQuestion&, const EvidenceQuestion&) = default;
};

class EvidenceQuery : public QObject {
    Q_OBJECT

public:
    /// Images of each kind to ask for.
    static constexpr int wanted = 12;

    /// The engine is not owned.
    explicit EvidenceQuery(EngineClient* engine, QObject* parent = nullptr);

    /// Answers with one of the signals, unless another question or forget() comes first.
    void ask(const EvidenceQuestion& question);
    void forget();

Q_SIGNALS:
    void culpritAnswered(const culprit::ui::CulpritEvidence& evidence);
    void failureAnswered(const culprit::ui::FailureEvidence& evidence);
    void failed(const culprit::Error& error);

private:
    void start();
    void follow(EngineJob* job);

    EngineClient* m_engine;
    std::optional<EvidenceQuestion> m_next;
    QPointer<EngineJob> m_job;
    bool m_isOutdated = false; ///< Nobody waits for the running call any more.
};

} // namespace culprit::ui
