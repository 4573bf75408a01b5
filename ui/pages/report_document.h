// SPDX-License-Identifier: GPL-3.0-or-later
// The report as a document for screen and paper: what was asked, how the culprits were found, the culprits
// themselves, what the repair changed, what all this does not show, and how to make it again.
#pragma once

#include "client/findings.h"
#include "report/result.h"
#include "report/review_section.h"

#include <QDate>
#include <QHash>
#include <QImage>

class QTextDocument;

namespace culprit::ui {

struct ReportContent {
    Findings findings;      ///< Without data and evaluation the report says that there is nothing to report.
    QStringList trainFiles; ///< A name for each training image, or none.
    QHash<data::ImageId, QImage> pictures;       ///< Of picturedRows(), as far as they are there.
    std::optional<report::ToolSection> tool;     ///< What the engine ran on, where it is known.
    QString modelHash;                           ///< SHA-256, where it is known.
    std::optional<report::ReviewSection> review; ///< What a person decided, where somebody did.
    review::Reading decisions;                   ///< The same, as decisions.csv has them.
    QStringList banners;                         ///< What an institution wants on every report.
    bool hidesPaths = false;                     ///< Folders and names of files stay unsaid.
    QString command;                             ///< One line that makes it again.
    QDate date;
};

/// Rows of the training set that the report shows with their pictures: the first of the culprits.
QList<qint64> picturedRows(const Findings& findings);

/// Fills `document`, whatever was in it. Every text that came from a file is escaped. Any thread.
void writeReport(QTextDocument& document, const ReportContent& content);

/// A4 with margins and page numbers; headers of tables repeat and pictures do not split. Any thread.
QByteArray reportPdf(const ReportContent& content);

} // namespace culprit::ui
