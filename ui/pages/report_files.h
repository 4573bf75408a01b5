// SPDX-License-Identifier: GPL-3.0-or-later
// The files that an investigation ends in: what each needs, where its bytes come from, and saving several as
// one thing.
#pragma once

#include "client/investigation.h"
#include "pages/report_document.h"

#include <QList>
#include <functional>

namespace culprit::ui {

/// What has to be done before there is such a file, in two or three words: "Repair first"; empty where it
/// can be had.
QString obstacleTo(const QString& name, const Findings& findings);

/// Whether the model was trained here and lies in no file that a person chose.
bool isUnsaved(const Investigation& investigation);

/// The names of all files that can be had now, as `culprit-cli run` calls them, and the PDF.
QStringList filesToBeHad(const Investigation& investigation, const review::Reading& decisions);

/// Fetches the bytes of one file, from the engine or made here, and calls `receive` on this thread; not where
/// `context` is gone by then. Io where no engine is there.
void fetchReportFile(const QString& name, Investigation& investigation, const ReportContent& content,
                     QObject* context, const std::function<void(const Expected<QByteArray>&)>& receive);

struct FileToSave {
    QString name; ///< See filesToBeHad().
    QString path;
};

/// Fetches and saves one file after the other; what was saved before a failure stays. Deletes itself after
/// its signal.
class FilesSaver : public QObject {
    Q_OBJECT

public:
    FilesSaver(Investigation* investigation, const ReportContent& content, const QList<FileToSave>& files,
               QObject* parent);
    void start();

Q_SIGNALS:
    void saved();
    void failed(const QString& text);

private:
    void next();
    void fail(const Error& error);

    Investigation* m_investigation;
    ReportContent m_content;
    QList<FileToSave> m_files;
};

} // namespace culprit::ui
