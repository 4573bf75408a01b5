// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/report_files.h"

#include "client/reproduce_line.h"
#include "client/run_on_pool.h"
#include "client/save_file.h"
#include "review/decision_tables.h"

#include <QCoreApplication>

namespace culprit::ui {

namespace {

struct Files {
    Q_DECLARE_TR_FUNCTIONS(Files)
};

using Receive = std::function<void(const Expected<QByteArray>&)>;

bool needsCauses(const QString& name)
{
    return name == QLatin1String("causes.csv") || name == QLatin1String("corrected_labels.csv");
}

bool needsRepair(const QString& name)
{
    return name.startsWith(QLatin1String("repaired.pt"));
}

bool isMadeHere(const QString& name)
{
    return name == QLatin1String("report.pdf") || name == chosenFailuresFile || name == decisionsFile;
}

QByteArray decisionsCsv(const ReportContent& content)
{
    std::vector<std::string> classes;
    for (const QString& name : content.findings.data->classes)
        classes.push_back(name.toStdString());
    return QByteArray::fromStdString(csvText(review::decisionTable(content.decisions, classes)));
}

QByteArray madeHere(const QString& name, const ReportContent& content)
{
    if (name == QLatin1String("report.pdf"))
        return reportPdf(content);
    return name == decisionsFile ? decisionsCsv(content) : chosenFailuresCsv(content.findings);
}

/// Small enough for a message, whatever was decided in bulk.
QString reviewFor(const ReportContent& content)
{
    if (!content.review)
        return {};
    std::vector<std::int64_t> ranked;
    if (content.findings.identification)
        for (const qint64 row : content.findings.identification->ranking)
            ranked.push_back(content.findings.data->train.indices.value(row));
    return QString::fromStdString(report::toJson(report::forPage(*content.review, ranked)));
}

ResultJob<QByteArray>* jobFor(const QString& name, Investigation& investigation, const ReportContent& content)
{
    EngineClient& engine = investigation.engine();
    if (name == QLatin1String("report.html"))
        return engine.report({.command = content.command,
                              .isoDate = content.date.toString(Qt::ISODate),
                              .review = reviewFor(content),
                              .banners = content.banners,
                              .hidesPaths = content.hidesPaths});
    if (needsCauses(name))
        return engine.causesFile(name, investigation.causes());
    if (name == QLatin1String("repaired.pt"))
        return engine.repairedModel(investigation.shownTreatment());
    return engine.file(name);
}

} // namespace

QString obstacleTo(const QString& name, const Findings& findings)
{
    if (!findings.data || !findings.evaluation)
        return Files::tr("Open a model first");
    if (needsCauses(name) && !findings.identification)
        return Files::tr("Find causes first");
    if (needsRepair(name) && findings.treatments.isEmpty())
        return Files::tr("Repair first");
    return {};
}

bool isUnsaved(const Investigation& investigation)
{
    return investigation.findings().model && investigation.modelPath().isEmpty();
}

QStringList filesToBeHad(const Investigation& investigation, const review::Reading& decisions)
{
    const Findings& findings = investigation.findings();
    QStringList names{QStringLiteral("report.html"), QStringLiteral("report.pdf"),
                      QStringLiteral("result.json"), QStringLiteral("failures.csv"),
                      QStringLiteral("causes.csv"),  QStringLiteral("corrected_labels.csv"),
                      QStringLiteral("repaired.pt"), QStringLiteral("repaired.pt.json")};
    if (findings.failureSet.rows)
        names << chosenFailuresFile;
    if (!decisions.decisions.empty())
        names << decisionsFile;
    if (isUnsaved(investigation))
        names << QStringLiteral("model.pt.json") << QStringLiteral("model.pt.margins.npy")
              << trainedModelFile;
    names.removeIf([&](const QString& name) { return !obstacleTo(name, findings).isEmpty(); });
    return names;
}

void fetchReportFile(const QString& name, Investigation& investigation, const ReportContent& content,
                     QObject* context, const Receive& receive)
{
    if (isMadeHere(name)) {
        runOnPool(
            context, [name, content] { return madeHere(name, content); },
            [receive](const QByteArray& bytes) { receive(bytes); });
        return;
    }
    if (investigation.engine().state() == EngineClient::State::Dead ||
        investigation.engine().state() == EngineClient::State::Stopped) {
        QMetaObject::invokeMethod(
            context,
            [receive] {
                receive(culprit::fail(
                    Error::Kind::Io,
                    Files::tr("the engine, which has the file, is not running; restart it and save again")
                        .toStdString()));
            },
            Qt::QueuedConnection);
        return;
    }
    auto* job = jobFor(name, investigation, content);
    job->whenFinished(context, [receive](const QByteArray& bytes) { receive(bytes); });
    QObject::connect(job, &EngineJob::failed, context,
                     [receive](const Error& error) { receive(culprit::fail(error)); });
    QObject::connect(job, &EngineJob::cancelled, context, [receive] { receive(culprit::cancelled()); });
}

FilesSaver::FilesSaver(Investigation* investigation, const ReportContent& content,
                       const QList<FileToSave>& files, QObject* parent)
    : QObject(parent), m_investigation(investigation), m_content(content), m_files(files)
{
}

void FilesSaver::start()
{
    next();
}

void FilesSaver::next()
{
    if (m_files.isEmpty()) {
        Q_EMIT saved();
        deleteLater();
        return;
    }
    const FileToSave file = m_files.takeFirst();
    fetchReportFile(file.name, *m_investigation, m_content, this,
                    [this, file](const Expected<QByteArray>& bytes) {
                        if (!bytes)
                            return fail(bytes.error());
                        saveFile(file.path, *bytes, this, [this](const Expected<void>& done) {
                            if (!done)
                                return fail(done.error());
                            next();
                        });
                    });
}

void FilesSaver::fail(const Error& error)
{
    Q_EMIT failed(QString::fromStdString(error.text));
    deleteLater();
}

} // namespace culprit::ui
