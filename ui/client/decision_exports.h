// SPDX-License-Identifier: GPL-3.0-or-later
// Decisions as files for other programs: what is offered for the data that are open, said in plain words, and
// the making and writing of it on a thread of the pool.
#pragma once

#include "client/project_findings.h"
#include "review/journal.h"

#include <QObject>
#include <functional>

namespace culprit::ui {

struct DecisionsToExport {
    FindingsToStore findings; ///< Needs data and an identification.
    DataToOpen data;
    review::Journal journal;
    QString reviewer; ///< Whose decisions count.
};

struct ExportOffer {
    QString name; ///< As project::exportKinds() has it.
    QString title;
    QString what;
};

/// Those that make sense for data of this format, the usual one first.
QList<ExportOffer> exportsFor(const QString& format);

/// Makes and writes them, and calls `then` on this thread with the paths of the files; not where `context` is
/// gone by then. Nothing is written where one of the files is there already.
void exportDecisions(const DecisionsToExport& what, const QStringList& names, const QString& folder,
                     QObject* context, std::function<void(const Expected<QStringList>&)> then);

} // namespace culprit::ui
