// SPDX-License-Identifier: GPL-3.0-or-later
// The calls that brought the engine to where it is, shortest list that brings another one there: what was
// superseded has been dropped.
#pragma once

#include "protocol/cbor.h"

#include <QList>
#include <string>

namespace culprit::ui {

class OpenedState {
public:
    struct Step {
        std::string call;
        protocol::Json arguments;
    };

    /// A call that succeeded. Those that change no state are ignored.
    void note(const std::string& call, protocol::Json arguments);

    /// The model that was trained in the engine lies in a file now: opening it is quicker than training
    /// again.
    void modelSavedAs(const std::string& path);

    /// Data, model, evaluation and failures, in order.
    QList<Step> opening() const;

    /// Identification and treatments, in order: costly, so best repeated when something needs them.
    QList<Step> findings() const;

    /// Whether a call builds on findings().
    static bool needsFindings(const std::string& call);

private:
    QList<Step> m_steps; ///< By rank.
};

} // namespace culprit::ui
