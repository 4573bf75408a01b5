// SPDX-License-Identifier: GPL-3.0-or-later
// What the page of model and data says: from replies of the engine to sentences, lines and rows. Plain
// functions of values.
#pragma once

#include "client/investigation.h"
#include "models/picture_rows.h"
#include "widgets/check_list.h"

#include <QStringList>

namespace culprit::ui {

/// Ids of lines whose button does something.
namespace checks {
inline const QString usePreset = QStringLiteral("data.usePreset");
inline const QString showDuplicates = QStringLiteral("data.showDuplicates");
inline const QString showUnreadable = QStringLiteral("data.showUnreadable");
} // namespace checks

/// "IDX files, as MNIST has them"
QString formatInWords(const QString& format);
QString nameOf(const OpenedData& data);
QString nameOf(const OpenedModel& model);
QStringList factsOf(const OpenedData& data);
QStringList factsOf(const OpenedModel& model);

/// "256 test images at once: accuracy 12 %, nearly all taken for 3: preprocessing or class order is probably
/// wrong." `classes` are the names, `testPerClass` says what guessing would reach.
CheckLine probeLine(const ProbeReply& probe, const QStringList& classes, const QList<qint64>& testPerClass);

/// Probe, outputs, duplicates, unreadable files; what is in order in one line. `activity` says what is still
/// to come.
QList<CheckLine> checksOf(const Findings& findings, Activity activity);

/// `outputs` of the model, or nothing where there is none yet.
QList<ClassFacts> classFactsOf(const OpenedData& data, std::optional<qint64> outputs);
DuplicatePairs duplicatePairsOf(const OpenedData& data);

} // namespace culprit::ui
